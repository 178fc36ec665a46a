namespace Engine.Mail;

/// <summary>
/// The parts of a mail from the field (RFC 2045, 2046), in the order they stand, the mail itself first. Never throws and never takes long: depth, number of parts and text
/// looked at are bounded, broken structure is text. Immutable; borrows the text it was read from.
/// </summary>
/// <remarks>Nothing is copied but for parts that are encoded, when they are asked for. Mails within the mail are one part each: <see cref="Of"/> takes their bodies apart where that is wanted.</remarks>
internal sealed class MimeTree
{
    /// <summary>Octets of a mail that are looked at; what returns comes first, the returned mail last.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxDepth = 6;

    private const int MaxParts = 64;

    // RFC 2046 §5.1.1 says 70; the field has more.
    private const int MaxBoundary = 250;

    private readonly List<MimePart> _parts = [];

    private MimeTree(ReadOnlyMemory<char> text) => Walk(text, 0, isDigest: false);

    /// <summary>In order; a multipart stands before what it holds.</summary>
    public IReadOnlyList<MimePart> Parts => _parts;

    /// <summary>Takes a mail apart.</summary>
    /// <param name="text">Octets as characters, lines ended by LF; see <see cref="MimeText.Widen"/>.</param>
    public static MimeTree Of(ReadOnlyMemory<char> text) => new(text);

    private void Walk(ReadOnlyMemory<char> text, int depth, bool isDigest)
    {
        if (_parts.Count >= MaxParts)
        {
            return;
        }

        var span = text.Span;
        var lines = new HeaderLines(span);
        ReadOnlySpan<char> type = default;
        ReadOnlySpan<char> encoding = default;
        while (lines.Next())
        {
            type = type.IsEmpty && lines.Is("Content-Type") ? lines.Value : type;
            encoding = encoding.IsEmpty && lines.Is("Content-Transfer-Encoding") ? lines.Value : encoding;
        }

        var body = text[lines.Position..];
        var kind = type.IsEmpty ? (isDigest ? MimeKind.Message : MimeKind.Text) : KindOf(type);
        var charset = MimeParameter.Find(type, "charset");
        _parts.Add(new MimePart(kind, depth, text[..lines.Position], body, EncodingOf(encoding), charset.Length > 40 ? string.Empty : charset.ToString().ToLowerInvariant()));
        if (depth >= MaxDepth)
        {
            return;
        }

        if (kind is MimeKind.Multipart)
        {
            Split(body, MimeParameter.Find(type, "boundary"), depth, type.StartsWith("multipart/digest", StringComparison.OrdinalIgnoreCase));
        }
    }

    private void Split(ReadOnlyMemory<char> body, ReadOnlySpan<char> boundary, int depth, bool isDigest)
    {
        var self = _parts.Count - 1;
        var span = body.Span;
        var start = -1;
        for (var at = boundary.Length is 0 or > MaxBoundary ? -1 : NextMark(span, 0, boundary); at >= 0; at = NextMark(span, at, boundary))
        {
            if (start >= 0)
            {
                Walk(body[start..Math.Max(start, at - 1)], depth + 1, isDigest);
            }

            var rest = span[(at + 2 + boundary.Length)..];
            var end = rest.IndexOf('\n');
            start = rest.StartsWith("--") || end < 0 ? span.Length : at + 2 + boundary.Length + end + 1;
            at = start;
            if (start >= span.Length)
            {
                break;
            }
        }

        if (start >= 0 && start < span.Length)
        {
            Walk(body[start..], depth + 1, isDigest);
        }

        // A multipart without parts is text that says it is not.
        if (_parts.Count == self + 1)
        {
            _parts[self] = _parts[self] with { Kind = MimeKind.Text };
        }
    }

    // Where a line begins with the delimiter; nothing but blanks or the closing dashes may follow it.
    private static int NextMark(ReadOnlySpan<char> text, int from, ReadOnlySpan<char> boundary)
    {
        while (from < text.Length)
        {
            var rest = text[from..];
            var dashes = rest.StartsWith("--") && (from == 0 || text[from - 1] == '\n') ? 0 : rest.IndexOf("\n--") + 1;
            if (dashes == 0 && !rest.StartsWith("--"))
            {
                return -1;
            }

            var mark = from + dashes;
            var behind = mark + 2 + boundary.Length;
            if (text[(mark + 2)..].StartsWith(boundary) && (behind == text.Length || text[behind] is '\n' or ' ' or '\t' or '-'))
            {
                return mark;
            }

            from = mark + 2;
        }

        return -1;
    }

    private static MimeKind KindOf(ReadOnlySpan<char> type)
    {
        var end = type.IndexOfAny(';', '\n', ' ');
        var name = (end < 0 ? type : type[..end]).Trim().Trim('"');
        return name switch
        {
            _ when name.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) => MimeKind.Multipart,
            _ when name.Contains("delivery-status", StringComparison.OrdinalIgnoreCase) => MimeKind.DeliveryStatus,
            _ when name.Contains("feedback-report", StringComparison.OrdinalIgnoreCase) => MimeKind.FeedbackReport,
            _ when name.Contains("disposition-notification", StringComparison.OrdinalIgnoreCase) => MimeKind.Disposition,
            _ when name.EndsWith("-headers", StringComparison.OrdinalIgnoreCase) => MimeKind.Headers,
            _ when name.StartsWith("message/", StringComparison.OrdinalIgnoreCase) || name.Equals("text/rfc822", StringComparison.OrdinalIgnoreCase) => MimeKind.Message,
            _ when name.Equals("text/html", StringComparison.OrdinalIgnoreCase) => MimeKind.Html,
            _ when name.StartsWith("text", StringComparison.OrdinalIgnoreCase) => MimeKind.Text,
            _ when name.Contains('/') => MimeKind.Other,
            _ => MimeKind.Text,
        };
    }

    private static TransferEncoding EncodingOf(ReadOnlySpan<char> name) => name switch
    {
        _ when name.StartsWith("quoted-printable", StringComparison.OrdinalIgnoreCase) => TransferEncoding.QuotedPrintable,
        _ when name.StartsWith("base64", StringComparison.OrdinalIgnoreCase) => TransferEncoding.Base64,
        _ => TransferEncoding.Identity,
    };
}
