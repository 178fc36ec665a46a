using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Tests.Queue;

internal sealed class EnvelopeCodecTests
{
    private static readonly MessageId Id = new(99);

    [Test]
    public void Everything_in_an_envelope_comes_back()
    {
        var envelope = Full();
        var read = new EnvelopeView(Encode(envelope)).Decode(Id);
        Assert.That(read with { Recipients = [], Tags = [] }, Is.EqualTo(envelope with { Recipients = [], Tags = [] }));
        Assert.That(read.Recipients, Is.EqualTo(envelope.Recipients));
        Assert.That(read.Tags, Is.EqualTo(envelope.Tags));
    }

    [Test]
    public void What_is_absent_stays_absent()
    {
        var envelope = Letters.Envelope(Id, "a@one.example") with { Sender = default, IsNotice = true };
        var read = new EnvelopeView(Encode(envelope)).Decode(Id);
        Assert.That((read.Sender.IsNull, read.EnvelopeId, read.GiveUp, read.HeaderFrom.IsEmpty, read.IsNotice), Is.EqualTo((true, (string?)null, (DateTimeOffset?)null, true, true)));
        Assert.That(read.Recipients[0].OriginalRecipient, Is.Null);
        Assert.That(new EnvelopeView(Encode(envelope with { EnvelopeId = "" })).Decode(Id).EnvelopeId, Is.Empty);
    }

    [TestCase(BodyNeeds.RequireTls | BodyNeeds.EightBit)]
    [TestCase(BodyNeeds.TlsOptional)]
    public void What_is_asked_of_TLS_comes_back(object needs)
    {
        var envelope = Letters.Envelope(Id, "a@one.example") with { Needs = (BodyNeeds)needs };

        Assert.That(new EnvelopeView(Encode(envelope)).Needs, Is.EqualTo((BodyNeeds)needs));
    }

    [Test]
    public void A_recipient_is_read_alone()
    {
        var view = new EnvelopeView(Encode(Full()));
        Assert.That(view.Recipients, Is.EqualTo(3));
        Assert.That(System.Text.Encoding.UTF8.GetString(view.AddressOf(2).Span), Is.EqualTo("jürgen@two.example"));
        Assert.That((view.NotifyOf(1), view.HeadOf(1)), Is.EqualTo((Notify.Success | Notify.Delay, 65_535)));
        Assert.That(System.Text.Encoding.ASCII.GetString(view.OriginalRecipientOf(1).Span), Is.EqualTo("rfc822;b@two.example"));
        Assert.That(view.OriginalRecipientOf(0).IsEmpty, Is.True);
        Assert.That(() => view.AddressOf(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Octets_a_newer_writer_adds_are_passed_over()
    {
        // Two octets more of fixed fields, one text more, one octet more in each recipient.
        var known = Encode(Full()).AsSpan();
        using var writer = new OctetWriter();
        var view = new EnvelopeView(known.ToArray());
        writer.Raw(known[..EnvelopeCodec.FixedLength]);
        writer.U16(0xFFFF);
        var texts = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(known[40..]) - EnvelopeCodec.FixedLength;
        writer.U8((byte)(EnvelopeText.Count + 1));
        writer.Raw(known.Slice(EnvelopeCodec.FixedLength + 1, texts - 1));
        writer.Long("a text of tomorrow");
        writer.U32At(40, writer.Length);
        writer.U16(0);
        writer.U32At(36, writer.Length);
        var table = writer.Length;
        writer.Take(view.Recipients * 4);
        for (var index = 0; index < view.Recipients; index++)
        {
            writer.U32At(table + (index * 4), writer.Length);
            var address = view.AddressOf(index);
            writer.U16(6 + address.Length + 1);
            writer.U8(0);
            writer.U8(0);
            writer.U16(0);
            writer.Long(address.Span);
            writer.U8(0xFF);
        }

        var octets = writer.Written.ToArray();
        octets[6] = EnvelopeCodec.FixedLength + 2;
        var read = new EnvelopeView(octets).Decode(Id);
        Assert.That(read.Credential, Is.EqualTo("app1"));
        Assert.That(read.Recipients.Select(static recipient => recipient.Address), Is.EqualTo(Full().Recipients.Select(static recipient => recipient.Address)));
    }

    [Test]
    public void An_envelope_cut_anywhere_is_an_error_and_never_a_read_beyond()
    {
        var octets = Encode(Full());
        for (var cut = 0; cut < octets.Length; cut++)
        {
            Assert.That(() => new EnvelopeView(octets.AsMemory(0, cut)).Decode(Id), Throws.TypeOf<InvalidDataException>(), $"cut at {cut}");
        }
    }

    [Test]
    public void Octets_changed_at_random_give_an_envelope_or_an_error_of_data()
    {
        var octets = Encode(Full());
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var changed = octets.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.That(new EnvelopeView(changed).Decode(Id).Recipients, Is.Not.Empty);
            }
            catch (InvalidDataException)
            {
                // What is damaged may be refused; anything else fails the test.
            }
        }
    }

    [Test]
    public void A_version_of_tomorrow_is_refused()
    {
        var octets = Encode(Full());
        octets[0]++;
        Assert.That(() => new EnvelopeView(octets), Throws.TypeOf<InvalidDataException>());
    }

    private static byte[] Encode(Envelope envelope)
    {
        using var writer = new OctetWriter();
        EnvelopeCodec.Write(envelope, writer);
        return writer.Written.ToArray();
    }

    private static Envelope Full() => new()
    {
        Id = Id,
        Sender = Mailbox.Parse("\"a b\"@sender.example"),
        Recipients =
        [
            new Recipient(Mailbox.Parse("a@one.example")),
            new Recipient(Mailbox.Parse("b@TWO.example"), Notify.Success | Notify.Delay, "rfc822;b@two.example", 65_535),
            new Recipient(Mailbox.Parse("jürgen@two.example"), Notify.Never, "", 1),
        ],
        Account = "acme",
        Stream = "news",
        Class = StreamClass.Marketing,
        Pool = "bulk",
        Campaign = "spring ☀",
        Engagement = Engagement.High,
        Tags = ["one", "two"],
        Accepted = Letters.Noon.AddTicks(7),
        NotBefore = Letters.Noon.AddHours(1),
        GiveUp = Letters.Noon.AddDays(3),
        Return = ReturnContent.Headers,
        EnvelopeId = "QQ314159",
        Needs = BodyNeeds.EightBit | BodyNeeds.SmtpUtf8,
        HeaderFrom = DomainName.Parse("from.example"),
        HeaderMessageId = "x@from.example",
        Client = "192.0.2.1",
        Credential = "app1",
    };
}
