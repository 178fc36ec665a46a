using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>What the header of a returned mail tells of it.</summary>
internal sealed class OriginalMail
{
    private const int MaxValue = 998;

    private OriginalMail(ReadOnlySpan<char> header)
    {
        var lines = new HeaderLines(header);
        while (lines.Next())
        {
            Take(lines.Name, lines.Value[..Math.Min(lines.Value.Length, MaxValue)]);
        }
    }

    /// <summary>Message-ID without brackets; empty when not told.</summary>
    public string Id { get; private set; } = string.Empty;

    /// <summary><c>CFBL-Feedback-ID</c>, RFC 9477; folding taken out. Empty when not told.</summary>
    public string FeedbackId { get; private set; } = string.Empty;

    /// <summary>Return path; empty when not told.</summary>
    public string Sender { get; private set; } = string.Empty;

    /// <summary>The recipient, where a field tells it for certain (X-HmXmrOriginalRecipient of Microsoft); empty for most.</summary>
    public string Recipient { get; private set; } = string.Empty;

    /// <summary>First address in To; empty when there is none.</summary>
    public string To { get; private set; } = string.Empty;

    public static OriginalMail Of(ReadOnlyMemory<char> header) => new(header.Span);

    private void Take(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        switch (name.Length)
        {
            case 10 when Id.Length == 0 && Is(name, "Message-ID"):
                Id = Bare(value);
                break;
            case 16 when FeedbackId.Length == 0 && Is(name, "CFBL-Feedback-ID"):
                FeedbackId = Unfolded(value);
                break;
            case 11 when Sender.Length == 0 && Is(name, "Return-Path"):
                Sender = AddressScan.Find(value);
                break;
            case 15 when Sender.Length == 0 && Is(name, "X-Envelope-From"):
                Sender = AddressScan.Find(value);
                break;
            case 24 when Is(name, "X-HmXmrOriginalRecipient"):
                Recipient = AddressScan.Find(value);
                break;
            case 2 when To.Length == 0 && Is(name, "To"):
                To = AddressScan.Find(value);
                break;
            default:
                break;
        }
    }

    /// <summary>A value that holds no blanks, folded or not.</summary>
    public static string Unfolded(ReadOnlySpan<char> value) => Printable.Line(value).Replace(" ", string.Empty, StringComparison.Ordinal);

    /// <summary>A Message-ID without brackets.</summary>
    public static string Bare(ReadOnlySpan<char> value)
    {
        var line = Printable.Line(value);
        var open = line.IndexOf('<', StringComparison.Ordinal);
        var close = open < 0 ? -1 : line.IndexOf('>', open);
        return close > open ? line[(open + 1)..close] : line.Trim('<', '>', ' ');
    }

    private static bool Is(ReadOnlySpan<char> name, ReadOnlySpan<char> wanted) => name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
