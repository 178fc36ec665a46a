using Engine.Dns;

namespace Engine.Reports.Tls;

/// <summary>Where a domain wants its reports: the TXT record at <c>_smtp._tls.DOMAIN</c>. RFC 8460 §3.</summary>
/// <param name="Targets">At least one, at most <see cref="MaxTargets"/>.</param>
internal sealed record TlsReportRecord(IReadOnlyList<TlsReportTarget> Targets)
{
    /// <summary>Places that get a report. A record may name more; they get none, so that nobody makes us write to many.</summary>
    public const int MaxTargets = 3;

    /// <summary>Characters of a record; a longer one is none.</summary>
    public const int MaxLength = 4_096;

    private const string Version = "v=TLSRPTv1";
    private const int MaxUris = 16;

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Picks and reads the record.</summary>
    /// <param name="texts">Every TXT record at the name, strings joined.</param>
    /// <returns>Null when there is not exactly one of ours, when it is malformed, or when it names no place that we can send to.</returns>
    public static TlsReportRecord? Find(IEnumerable<string> texts) =>
        VersionedText.Only(texts, Version) is { Length: <= MaxLength } only && Read(only) is { Count: > 0 } targets ? new TlsReportRecord(targets) : null;

    // tlsrpt-record = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim]
    private static List<TlsReportTarget>? Read(string text)
    {
        var fields = text.Split(';');
        List<TlsReportTarget>? targets = null;
        for (var at = 1; at < fields.Length; at++)
        {
            var field = fields[at].Trim(Blanks);
            if (field.Length == 0 && at == fields.Length - 1)
            {
                break;
            }

            if (!field.StartsWith("rua=", StringComparison.Ordinal))
            {
                if (!IsExtension(field))
                {
                    return null;
                }
            }
            else if (targets is not null || (targets = ReadUris(field["rua=".Length..])) is null)
            {
                return null;
            }
        }

        return targets;
    }

    private static List<TlsReportTarget>? ReadUris(string text)
    {
        var targets = new List<TlsReportTarget>();
        var uris = text.Split(',');
        if (uris.Length > MaxUris)
        {
            return null;
        }

        foreach (var uri in uris)
        {
            if (!TlsReportTarget.TryParse(uri.Trim(Blanks), out var target))
            {
                return null;
            }

            if (target is not null && targets.Count < MaxTargets && !targets.Contains(target))
            {
                targets.Add(target);
            }
        }

        return targets;
    }

    // tlsrpt-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / "."); the value is printable without ";" and "=".
    private static bool IsExtension(string field)
    {
        var equal = field.IndexOf('=', StringComparison.Ordinal);
        return equal > 0
            && equal < field.Length - 1
            && VersionedText.IsName(field.AsSpan(0, equal))
            && field[(equal + 1)..].All(letter => letter is > ' ' and <= '~' and not '=');
    }
}
