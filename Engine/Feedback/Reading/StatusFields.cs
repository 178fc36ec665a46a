using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>Reads recipient fields of delivery status notifications (RFC 3464 §2.3, RFC 6533 §3), also where they stand in plain text, quoted or not.</summary>
internal static class StatusFields
{
    // One notification about more is none that a mailer of ours caused.
    private const int MaxEntries = 256;

    private const int MaxDiagnostic = 4_096;

    /// <summary>Adds what a block of fields says of recipients.</summary>
    /// <param name="text">Body of <c>message/delivery-status</c>, or text that holds such fields.</param>
    /// <param name="entries">Where to.</param>
    public static void Read(ReadOnlySpan<char> text, List<StatusEntry> entries)
    {
        StatusEntry? current = null;
        while (!text.IsEmpty && entries.Count < MaxEntries)
        {
            var lines = new HeaderLines(text);
            while (lines.Next())
            {
                current = Take(lines, current, entries);
            }

            text = text[lines.Position..];
            current = null;
        }

        entries.RemoveAll(static entry => !entry.HasRecipient && entry.Diagnostic.Length == 0 && !entry.Status.IsPresent);
    }

    /// <summary>The same for fields within text for people: only from the first line that names a recipient on; marks of quotation are taken off.</summary>
    public static void ReadSpoken(ReadOnlySpan<char> text, List<StatusEntry> entries)
    {
        var at = text.IndexOf("Final-Recipient:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return;
        }

        // Fields that stand before the recipient in the same paragraph (Action, Original-Recipient) belong to it.
        var paragraph = text[..at].LastIndexOf("\n\n");
        text = text[(paragraph < 0 ? text[..at].LastIndexOf('\n') + 1 : paragraph + 2)..];
        var quoted = text[..Math.Max(0, at - (paragraph < 0 ? 0 : paragraph))].Contains("\n> ", StringComparison.Ordinal) || text.StartsWith("> ");
        Read(quoted ? text.ToString().Replace("\n>", "\n", StringComparison.Ordinal).Replace("\n ", "\n", StringComparison.Ordinal).TrimStart('>', ' ') : text, entries);
        entries.RemoveAll(static entry => !entry.HasRecipient);
    }

    private static StatusEntry? Take(HeaderLines field, StatusEntry? current, List<StatusEntry> entries)
    {
        switch (field.Name.Length)
        {
            case 15 when field.Is("Final-Recipient"):
                current = Fresh(current is { HasRecipient: true, IsFinal: true } ? null : current, entries);
                current.Address = AddressScan.Sole(field.Value) is { Length: > 0 } address && !(current.Address.Length > 0 && IsInner(field.Value)) ? address : current.Address;
                current.HasRecipient = current.IsFinal = true;
                break;
            case 18 when field.Is("Original-Recipient") || field.Is("X-Actual-Recipient"):
                current = Fresh(current, entries);
                current.Address = current.Address.Length > 0 ? current.Address : AddressScan.Sole(field.Value);
                current.HasRecipient = true;
                break;
            case 6 when field.Is("Action"):
                current = Fresh(current is { Action.Length: > 0, HasRecipient: true } ? null : current, entries);
                current.Action = FirstWord(field.Value).ToString().ToLowerInvariant();
                break;
            case 6 when field.Is("Status"):
                current = Fresh(current, entries);
                current.Status = EnhancedCode.Parse(FirstWord(field.Value));
                current.Comment = field.Value.IndexOf('(') is >= 0 and var open ? Line(field.Value[(open + 1)..].TrimEnd(')')) : string.Empty;
                break;
            case 15 when field.Is("Diagnostic-Code"):
                current = Fresh(current, entries);
                current.Diagnostic = current.Diagnostic.Length > 0 ? current.Diagnostic : Diagnostic(field.Value);
                break;
            case 10 when field.Is("Remote-MTA"):
                current = Fresh(current, entries);
                current.Remote = FirstWord(field.Value[(field.Value.IndexOf(';') + 1)..].Trim()).TrimEnd('.').ToString();
                break;
            case 25 when field.Is("X-PowerMTA-BounceCategory"):
                current = Fresh(current, entries);
                current.Sorted = FirstWord(field.Value).ToString();
                break;
            default:
                break;
        }

        return current;
    }

    private static StatusEntry Fresh(StatusEntry? current, List<StatusEntry> entries)
    {
        if (current is null)
        {
            entries.Add(current = new StatusEntry());
        }

        return current;
    }

    // A host's own name for the recipient, not one the world knows.
    private static bool IsInner(ReadOnlySpan<char> value) => value.Contains(";@", StringComparison.Ordinal) || value.Contains("; @", StringComparison.Ordinal);

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" \t\n(;");
        return end < 0 ? text : text[..end];
    }

    // "smtp; 550 …"; a type is one word, and some leave it out.
    private static string Diagnostic(ReadOnlySpan<char> value)
    {
        var type = value.IndexOf(';');
        value = type is > 0 and < 32 && !value[..type].Trim().ContainsAny(" \t\n") ? value[(type + 1)..] : value;
        return Line(value[..Math.Min(value.Length, MaxDiagnostic)]);
    }

    private static string Line(ReadOnlySpan<char> text) => Printable.Line(text);
}
