using System.Text;
using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>A mail that came in, sorted for reading: its header, its words for people, its machine-readable parts, and the header of the mail it returns.</summary>
/// <remarks>Borrows the text it was made from, except for strings.</remarks>
internal sealed class ReceivedMail
{
    // What people are told fits; behind it stands the returned mail.
    private const int MaxWords = 65_536;

    // Where a bounce without MIME structure begins to quote the mail it returns.
    private static readonly WordSet Quotes = new(
            "Below this line is a copy of", "This is a copy of the message", "This is a copy of your message", "This is a copy of the header", "Original message follows", "original message is following",
            "---- Original message", "Unsent message follows", "Message headers follow", "Message header follows", "copy of the message header", "copy of the original message", "Returned Message --",
            "Message text follows", "-original mail", "-original message", "Original mail as follows", "Original message headers:", "copy of the message including", "--- Original ", "Enclosed is a copy of the message",
            "Returned message follows", "your original message", "Here is your message", "Undelivered message follows", "headers of the original message", "header of the original message", "Nachricht im Original", "Message d'origine",
            "\nReceived:", "\nReturn-Path:", "\nReturn-path:");

    private ReceivedMail(MimeTree tree)
    {
        Parts = tree.Parts;
        Head = Parts[0].Head;
        var words = new StringBuilder();
        for (var index = 0; index < Parts.Count; index++)
        {
            Sort(index, words);
        }

        if (words.Length == 0)
        {
            SortHtml(words);
        }

        var all = words.ToString();
        var quote = Status is not null && Enclosed >= 0 ? -1 : QuoteIn(all);
        Words = quote < 0 ? all : all[..quote];
        AllWords = all;
        Original = Original.IsEmpty && quote >= 0 ? QuotedHeader(all, quote) : Original;
        ReadHead();
    }

    public IReadOnlyList<MimePart> Parts { get; }

    public ReadOnlyMemory<char> Head { get; }

    /// <summary>Decoded.</summary>
    public string Subject { get; private set; } = string.Empty;

    /// <summary>The From field as it stands.</summary>
    public string From { get; private set; } = string.Empty;

    /// <summary>Address in From; empty when there is none.</summary>
    public string Author { get; private set; } = string.Empty;

    /// <summary>Address in To: mostly the sender of the mail that failed.</summary>
    public string Addressee { get; private set; } = string.Empty;

    /// <summary><c>X-Failed-Recipients</c> (Exim, Gmail); empty for most.</summary>
    public string Failed { get; private set; } = string.Empty;

    /// <summary>Whether the mail's own return path is the null one.</summary>
    public bool IsFromNobody { get; private set; }

    /// <summary>Message-ID in In-Reply-To; empty when there is none.</summary>
    public string Answered { get; private set; } = string.Empty;

    /// <summary>The mail's own <c>CFBL-Feedback-ID</c>; empty for most.</summary>
    public string FeedbackId { get; private set; } = string.Empty;

    /// <summary>Whether the mail says that no person sent it (RFC 3834).</summary>
    public bool IsAutomatic { get; private set; }

    /// <summary>Whether a field says that a machine answered for its owner.</summary>
    public bool IsAutoReply { get; private set; }

    /// <summary>Whether Apple Mail's unsubscribe button wrote it.</summary>
    public bool IsUnsubscribe { get; private set; }

    /// <summary>Words for people up to where the returned mail is quoted.</summary>
    public string Words { get; }

    /// <summary>All words for people.</summary>
    public string AllWords { get; }

    /// <summary><c>message/delivery-status</c>, decoded; null for none.</summary>
    public ReadOnlyMemory<char>? Status { get; private set; }

    /// <summary><c>message/feedback-report</c>, decoded; null for none.</summary>
    public ReadOnlyMemory<char>? Complaint { get; private set; }

    /// <summary>Whether it is a disposition notification.</summary>
    public bool IsDisposition { get; private set; }

    /// <summary>Header of the returned mail; empty when it is not there.</summary>
    public ReadOnlyMemory<char> Original { get; private set; }

    /// <summary>Index of the returned mail among the parts; −1 when it is not there.</summary>
    public int Enclosed { get; private set; } = -1;

    /// <summary>Sorts a mail.</summary>
    public static ReceivedMail Of(MimeTree tree) => new(tree);

    private void Sort(int index, StringBuilder words)
    {
        var part = Parts[index];
        switch (part.Kind)
        {
            case MimeKind.Text when Enclosed < 0 && words.Length < MaxWords:
                var text = MimeText.Of(part).Span;
                words.Append(text[..Math.Min(text.Length, MaxWords - words.Length)]).Append('\n');
                break;
            case MimeKind.DeliveryStatus:
                Status ??= MimeText.Of(part);
                break;
            case MimeKind.FeedbackReport:
                Complaint ??= MimeText.Of(part);
                break;
            case MimeKind.Disposition:
                IsDisposition = true;
                break;
            case MimeKind.Message or MimeKind.Headers when index > 0 && Enclosed < 0:
                Original = part.Encoding is TransferEncoding.Identity ? part.Body : MimeText.Of(part);
                Enclosed = index;
                break;
            default:
                break;
        }
    }

    private void SortHtml(StringBuilder words)
    {
        for (var index = 0; index < Parts.Count && words.Length == 0; index++)
        {
            if (Parts[index].Kind is MimeKind.Html)
            {
                Plain(MimeText.Of(Parts[index]).Span, words);
            }
        }
    }

    // Tags go; those that end a line on a screen end one here.
    private static void Plain(ReadOnlySpan<char> html, StringBuilder words)
    {
        html = html[..Math.Min(html.Length, MaxWords)];
        while (html.IndexOf('<') is >= 0 and var open)
        {
            words.Append(html[..open]);
            html = html[(open + 1)..];
            var close = html.IndexOf('>');
            var tag = close < 0 ? default : html[..close];
            var isLine = tag.StartsWith("br", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("/p", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("/div", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("/t", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("/h", StringComparison.OrdinalIgnoreCase);
            words.Append(tag.Contains('@') && !tag.Contains(' ') ? $"<{tag}>" : isLine ? "\n" : string.Empty);
            html = close < 0 ? default : html[(close + 1)..];
        }

        words.Append(html).Replace("&lt;", "<").Replace("&gt;", ">").Replace("&nbsp;", " ").Replace("&quot;", "\"").Replace("&#39;", "'").Replace("&amp;", "&");
    }

    // The start of the line that says that a copy follows.
    private static int QuoteIn(string words)
    {
        var at = Quotes.FirstIn(words);
        return at < 0 ? -1 : words.AsSpan(0, at).LastIndexOf('\n') + 1 is var line && words[at] == '\n' ? at : line;
    }

    // The header behind the line: from the first field on.
    private static ReadOnlyMemory<char> QuotedHeader(string words, int from)
    {
        var rest = words.AsMemory(from);
        for (var turn = 0; turn < 8 && !rest.IsEmpty; turn++)
        {
            var lines = new HeaderLines(rest.Span);
            if (lines.Next() && lines.Value.Length > 0)
            {
                return rest;
            }

            rest = rest[Math.Max(1, lines.Position)..];
        }

        return default;
    }

    private void ReadHead()
    {
        var lines = new HeaderLines(Head.Span);
        while (lines.Next())
        {
            switch (lines.Name.Length)
            {
                case 7 when Subject.Length == 0 && lines.Is("Subject"):
                    Subject = MimeText.Words(lines.Value[..Math.Min(lines.Value.Length, 998)]);
                    break;
                case 4 when From.Length == 0 && lines.Is("From"):
                    From = MimeText.Words(lines.Value[..Math.Min(lines.Value.Length, 998)]);
                    Author = Address(lines.Value);
                    break;
                case 2 when Addressee.Length == 0 && lines.Is("To"):
                    Addressee = Address(lines.Value);
                    break;
                case 19 when lines.Is("X-Failed-Recipients"):
                    Failed = Failed.Length == 0 ? lines.Value.ToString() : Failed;
                    break;
                case 11 when lines.Is("Return-Path"):
                    IsFromNobody |= lines.Value.StartsWith("<>");
                    break;
                case 11 when Answered.Length == 0 && lines.Is("In-Reply-To"):
                    Answered = OriginalMail.Bare(lines.Value);
                    break;
                case 14 when lines.Is("Auto-Submitted"):
                    IsAutomatic |= lines.Value.StartsWith("auto-", StringComparison.OrdinalIgnoreCase);
                    IsAutoReply |= lines.Value.Contains("vacation", StringComparison.OrdinalIgnoreCase);
                    break;
                case 16 when FeedbackId.Length == 0 && lines.Is("CFBL-Feedback-ID"):
                    FeedbackId = OriginalMail.Unfolded(lines.Value);
                    break;
                case 19 when lines.Is("X-Apple-Unsubscribe"):
                    IsUnsubscribe |= lines.Value.StartsWith("true", StringComparison.OrdinalIgnoreCase);
                    break;
                default:
                    IsAutoReply |= AutoReplySigns.IsSign(lines.Name, lines.Value);
                    break;
            }
        }
    }

    // In brackets where there are any: a name may look like an address.
    private static string Address(ReadOnlySpan<char> value)
    {
        value = value[..Math.Min(value.Length, 998)];
        var open = value.LastIndexOf('<');
        return open >= 0 && AddressScan.Find(value[open..]) is { Length: > 0 } address ? address : AddressScan.Find(value);
    }
}
