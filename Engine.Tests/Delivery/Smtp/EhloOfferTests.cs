using Engine.Delivery.Smtp;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class EhloOfferTests
{
    [TestCase("PIPELINING", Extensions.Pipelining)]
    [TestCase("pipelining", Extensions.Pipelining)]
    [TestCase("CHUNKING", Extensions.Chunking)]
    [TestCase("8BITMIME", Extensions.EightBitMime)]
    [TestCase("SMTPUTF8", Extensions.SmtpUtf8)]
    [TestCase("DSN", Extensions.Dsn)]
    [TestCase("STARTTLS", Extensions.StartTls)]
    [TestCase("EnhancedStatusCodes", Extensions.EnhancedStatusCodes)]
    [TestCase("SIZE", Extensions.Size)]
    [TestCase("  DSN ", Extensions.Dsn)]
    [TestCase("AUTH PLAIN", Extensions.AuthPlain)]
    [TestCase("AUTH LOGIN CRAM-MD5", Extensions.AuthLogin)]
    [TestCase("auth digest-md5 login  plain", Extensions.AuthPlain | Extensions.AuthLogin)]
    [TestCase("AUTH=PLAIN", Extensions.AuthPlain)]
    [TestCase("AUTH=LOGIN PLAIN", Extensions.AuthPlain | Extensions.AuthLogin)]
    [TestCase("AUTH", Extensions.None)]
    [TestCase("AUTH=", Extensions.None)]
    [TestCase("AUTH PLAINER", Extensions.None)]
    [TestCase("XPIPELINING", Extensions.None)]
    [TestCase("PIPELININGX", Extensions.None)]
    [TestCase("VRFY DSN", Extensions.None)]
    [TestCase("", Extensions.None)]
    public void A_keyword_is_an_extension(string line, Extensions expected)
    {
        Assert.That(Parse("mx.example at your service", line).Extensions, Is.EqualTo(expected));
    }

    [TestCase("SIZE 35882577", 35_882_577)]
    [TestCase("size 0", 0)]
    [TestCase("SIZE", 0)]
    [TestCase("SIZE many", 0)]
    [TestCase("SIZE -5", 0)]
    [TestCase("SIZE 12x", 0)]
    [TestCase("SIZE 99999999999999999999", 0)]
    public void A_size_that_cannot_be_read_is_no_limit(string line, long expected)
    {
        var offer = Parse("mx.example", line);

        Assert.That(offer.Has(Extensions.Size), Is.True);
        Assert.That(offer.MaxSize, Is.EqualTo(expected));
    }

    [TestCase("LIMITS RCPTMAX=20", 20, 0, 0)]
    [TestCase("LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=1", 20, 5, 1)]
    [TestCase("LIMITS rcptmax=20  OTHER=7 MAILMAX=x", 20, 0, 0)]
    [TestCase("LIMITS RCPTMAX=0 MAILMAX=-1 =5 RCPTDOMAINMAX=", 0, 0, 0)]
    [TestCase("LIMITS", 0, 0, 0)]
    public void Limits_are_read_one_by_one(string line, int recipients, int transactions, int domains)
    {
        var offer = Parse("mx.example", line);

        Assert.That(offer.Has(Extensions.Limits), Is.True);
        Assert.That((offer.MaxRecipients, offer.MaxTransactions, offer.MaxDomains), Is.EqualTo((recipients, transactions, domains)));
    }

    [Test]
    public void The_first_line_offers_nothing()
    {
        Assert.That(Parse("DSN", "CHUNKING").Extensions, Is.EqualTo(Extensions.Chunking));
        Assert.That(Parse("PIPELINING").Extensions, Is.EqualTo(Extensions.None));
    }

    [Test]
    public void All_of_a_usual_answer_is_read_wherever_it_is_cut([Range(1, 150)] int cut)
    {
        const string Text = "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n";
        var reader = new ReplyReader(Bytes.Cut(Text, Math.Min(cut, Text.Length)));
        Assert.That(reader.TryRead(out var reply), Is.EqualTo(ReadResult.Complete));

        var offer = EhloOffer.Parse(reply);

        Assert.That(offer.MaxSize, Is.EqualTo(10_240_000));
        Assert.That(offer.Extensions, Is.EqualTo((Extensions)255));
    }

    private static EhloOffer Parse(params string[] lines)
    {
        var text = string.Concat(lines.Select((line, at) => $"250{(at < lines.Length - 1 ? '-' : ' ')}{line}\r\n"));
        var reader = new ReplyReader(Bytes.Whole(text));
        return reader.TryRead(out var reply) is ReadResult.Complete ? EhloOffer.Parse(reply) : throw new FormatException(text);
    }
}
