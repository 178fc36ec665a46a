using Engine.Dns;

namespace Engine.Delivery.Sts;

/// <summary>The TXT record at <c>_mta-sts.DOMAIN</c> that says that there is a policy, and which. RFC 8461 §3.1.</summary>
/// <param name="Id">Changes with the policy; 1–32 letters and digits, compared with case.</param>
internal readonly record struct StsRecord(string Id)
{
    private const string Version = "v=STSv1";

    private const int MaxIdLength = 32;

    private const int MaxFieldNameLength = 32;

    /// <summary>The one record among all TXT records of the name. Records that do not begin with the version are passed over; two that do count as none, and so does one that is no record.</summary>
    /// <returns>Null when the domain shows no policy.</returns>
    public static StsRecord? Find(IReadOnlyList<DnsRecord> records)
    {
        string? only = null;
        foreach (var record in records)
        {
            if (record is DnsRecord.Text { Value: var text } && IsOurs(text))
            {
                if (only is not null)
                {
                    return null;
                }

                only = text;
            }
        }

        return only is null ? null : Read(only);
    }

    private static bool IsOurs(string text) =>
        text.StartsWith(Version, StringComparison.Ordinal) && text.AsSpan(Version.Length).TrimStart(" \t") is [';', ..];

    // Fields after the version, parted by semicolons; the last one may end with one. Of two ids the first counts.
    private static StsRecord? Read(string text)
    {
        var fields = text.AsSpan(Version.Length).TrimStart(" \t")[1..].TrimEnd(" \t");
        fields = fields is [.. var most, ';'] ? most : fields;
        string? id = null;
        foreach (var range in fields.Split(';'))
        {
            var field = fields[range].Trim(" \t");
            var equals = field.IndexOf('=');
            if (equals < 1 || equals == field.Length - 1 || !IsName(field[..equals]))
            {
                return null;
            }

            if (id is null && field[..equals] is "id")
            {
                id = field[(equals + 1)..].ToString();
            }
        }

        return id is { Length: >= 1 and <= MaxIdLength } && IsAlphanumeric(id) ? new StsRecord(id) : null;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxFieldNameLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAlphanumeric(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                return false;
            }
        }

        return true;
    }
}
