using System.Buffers.Text;
using System.Text;

namespace Engine.Delivery.Smtp;

/// <summary>A server's answer to EHLO. The default value is that of a server that only knows HELO.</summary>
/// <remarks>Unknown keywords and malformed numbers are passed over: an offer can only be used less, never misunderstood.</remarks>
internal readonly record struct EhloOffer
{
    public Extensions Extensions { get; init; }

    /// <summary>Largest message taken, in octets; 0 when none was stated. RFC 1870 §4.</summary>
    public long MaxSize { get; init; }

    /// <summary>Recipients in one transaction; 0 when none was stated. RFC 9422 §4.2.</summary>
    public int MaxRecipients { get; init; }

    /// <summary>Transactions on one connection; 0 when none was stated. RFC 9422 §4.1.</summary>
    public int MaxTransactions { get; init; }

    /// <summary>Recipient domains in one transaction; 0 when none was stated. RFC 9422 §4.3.</summary>
    public int MaxDomains { get; init; }

    public bool Has(Extensions extension) => (Extensions & extension) == extension;

    /// <summary>Reads a 2xx reply to EHLO. Its first line is the server's name and greeting.</summary>
    public static EhloOffer Parse(in Reply reply)
    {
        var offer = default(EhloOffer);
        var isFirst = true;

        foreach (var line in new ReplyLines(reply))
        {
            offer = isFirst ? offer : offer.With(line);
            isFirst = false;
        }

        return offer;
    }

    private EhloOffer With(ReadOnlySpan<byte> line)
    {
        var rest = line.Trim((byte)' ');
        var keyword = TakeWord(ref rest);
        return keyword.Length switch
        {
            3 when Is(keyword, "DSN"u8) => With(Extensions.Dsn),
            4 when Is(keyword, "SIZE"u8) => WithSize(rest),
            4 when Is(keyword, "AUTH"u8) => WithLogins(rest),
            6 when Is(keyword, "LIMITS"u8) => WithLimits(rest),
            8 when Is(keyword, "CHUNKING"u8) => With(Extensions.Chunking),
            8 when Is(keyword, "8BITMIME"u8) => With(Extensions.EightBitMime),
            8 when Is(keyword, "SMTPUTF8"u8) => With(Extensions.SmtpUtf8),
            8 when Is(keyword, "STARTTLS"u8) => With(Extensions.StartTls),
            10 when Is(keyword, "PIPELINING"u8) => With(Extensions.Pipelining),
            10 when Is(keyword, "REQUIRETLS"u8) => With(Extensions.RequireTls),
            19 when Is(keyword, "ENHANCEDSTATUSCODES"u8) => With(Extensions.EnhancedStatusCodes),
            > 5 when Is(keyword[..5], "AUTH="u8) => WithLogins(keyword[5..]).WithLogins(rest),
            _ => this,
        };
    }

    private EhloOffer With(Extensions extension) => this with { Extensions = Extensions | extension };

    private EhloOffer WithSize(ReadOnlySpan<byte> text) =>
        With(Extensions.Size) with { MaxSize = TryNumber(text, out var size) ? size : 0 };

    // "AUTH=PLAIN LOGIN" is the form of drafts before RFC 2554; servers still say both.
    private EhloOffer WithLogins(ReadOnlySpan<byte> text)
    {
        var offer = this;
        while (!text.IsEmpty)
        {
            var mechanism = TakeWord(ref text);
            offer = Is(mechanism, "PLAIN"u8) ? offer.With(Extensions.AuthPlain) : Is(mechanism, "LOGIN"u8) ? offer.With(Extensions.AuthLogin) : offer;
        }

        return offer;
    }

    private EhloOffer WithLimits(ReadOnlySpan<byte> text)
    {
        var offer = With(Extensions.Limits);
        while (!text.IsEmpty)
        {
            var pair = TakeWord(ref text);
            var equals = pair.IndexOf((byte)'=');
            if (equals > 0 && TryNumber(pair[(equals + 1)..], out var number) && number is > 0 and <= int.MaxValue)
            {
                offer = offer.WithLimit(pair[..equals], (int)number);
            }
        }

        return offer;
    }

    private EhloOffer WithLimit(ReadOnlySpan<byte> name, int number) => name.Length switch
    {
        7 when Is(name, "RCPTMAX"u8) => this with { MaxRecipients = number },
        7 when Is(name, "MAILMAX"u8) => this with { MaxTransactions = number },
        13 when Is(name, "RCPTDOMAINMAX"u8) => this with { MaxDomains = number },
        _ => this,
    };

    private static bool Is(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(keyword, name);

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && number >= 0;

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..].TrimStart((byte)' ');
        return word;
    }
}
