namespace Engine.Dkim.Rotation;

/// <summary>Holds the TXT records found at a selector's name against the key that is to sign.</summary>
internal static class RecordMatch
{
    /// <summary>What the records say about the key.</summary>
    /// <param name="expected">The record that should be there.</param>
    /// <param name="texts">Those that are, the strings of each joined.</param>
    public static (SightingKind Kind, string Remark) Judge(DkimRecord expected, IReadOnlyList<string> texts) => texts switch
    {
        [] => (SightingKind.Missing, string.Empty),
        [var text] => Judge(expected, text),
        _ => (SightingKind.Different, $"{texts.Count} records where one must be (RFC 6376 section 3.6.2.2)"),
    };

    private static (SightingKind Kind, string Remark) Judge(DkimRecord expected, string text)
    {
        if (!DkimRecord.TryParse(text, out var record, out var fault))
        {
            return (SightingKind.Different, fault);
        }

        var remark = record switch
        {
            { PublicKey: [] } => "p= is empty: the key is revoked",
            { AllowsSha256: false } => "h= leaves out sha256",
            { AllowsEmail: false } => "s= leaves out email",
            _ when record.KeyType != expected.KeyType => $"k={record.KeyType} where k={expected.KeyType} should be",
            _ when !IsSame(expected, record.PublicKey) => "p= is another key",
            _ => string.Empty,
        };
        return (remark.Length == 0 ? SightingKind.Shown : SightingKind.Different, remark);
    }

    // An RSA key may be published as RSAPublicKey (RFC 6376 §3.6.1), which is the end of the SubjectPublicKeyInfo that we publish.
    private static bool IsSame(DkimRecord expected, ReadOnlySpan<byte> published) =>
        published.SequenceEqual(expected.PublicKey)
        || (expected.KeyType == "rsa" && published.Length > expected.PublicKey.Length / 2 && published[0] == 0x30 && expected.PublicKey.AsSpan().EndsWith(published));
}
