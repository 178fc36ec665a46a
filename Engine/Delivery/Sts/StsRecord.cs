using Engine.Dns;

namespace Engine.Delivery.Sts;

/// <summary>The TXT record at <c>_mta-sts.DOMAIN</c> that says that there is a policy, and which. RFC 8461 §3.1.</summary>
/// <param name="Id">Changes with the policy; 1–32 letters and digits, compared with case.</param>
internal readonly record struct StsRecord(string Id)
{
    private const string Version = "v=STSv1";

    private const int MaxIdLength = 32;

    /// <summary>The one record among all TXT records of the name. Records that do not begin with the version are passed over; two that do count as none, and so does one that is no record.</summary>
    /// <returns>Null when the domain shows no policy.</returns>
    public static StsRecord? Find(IReadOnlyList<DnsRecord> records) =>
        VersionedText.Only(records.OfType<DnsRecord.Text>().Select(static record => record.Value), Version) is { } only ? Read(only) : null;

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
            if (equals < 1 || equals == field.Length - 1 || !VersionedText.IsName(field[..equals]))
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
