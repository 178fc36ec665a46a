using Engine.Mail;

namespace Engine.Delivery.Trust;

/// <summary>Policies and proofs as people write them.</summary>
internal static class ProofWords
{
    private static readonly string[] Policies = ["REQUIRETLS", "DANE", "MTA-STS", "TLS policy"];

    public static string Of(TlsProof proof) => proof switch
    {
        TlsProof.Dane => "dane",
        TlsProof.Sts => "sts",
        TlsProof.Pkix => "pkix",
        _ => "none",
    };

    /// <summary>The policy that a host did not come to, out of the text of a deferral that begins with it; null where TLS was not the matter.</summary>
    public static string? PolicyIn(string? trouble) => Array.Find(Policies, policy => trouble?.StartsWith($"{policy}, ", StringComparison.Ordinal) is true);

    /// <summary>The policy that asks, for the text of a deferral.</summary>
    public static string PolicyOf(TlsDemand demand) => demand switch
    {
        { NeedsRequireTls: true } => "REQUIRETLS",
        { Policy: TlsPolicyKind.Tlsa } => "DANE",
        { Policy: TlsPolicyKind.Sts } => "MTA-STS",
        _ => "TLS policy",
    };
}
