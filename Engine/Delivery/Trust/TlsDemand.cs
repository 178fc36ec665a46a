using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Mail;

namespace Engine.Delivery.Trust;

/// <summary>What TLS in a session with one host must come to. Immutable.</summary>
/// <param name="Level">Verified only with a <see cref="Proof"/>; then there is no way in the clear.</param>
internal sealed record TlsDemand(TlsPolicy Level)
{
    public static readonly TlsDemand Off = new(TlsPolicy.Off);

    public static readonly TlsDemand Opportunistic = new(TlsPolicy.Opportunistic);

    public static readonly TlsDemand Encrypted = new(TlsPolicy.Required);

    /// <summary>What the certificate is held against.</summary>
    public TlsProof Proof { get; init; }

    /// <summary>The name it must be for, which is also the one sent as SNI; empty where none is checked.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Set with <see cref="TlsProof.Dane"/>.</summary>
    public TlsaSet? Tlsa { get; init; }

    /// <summary>Held against the proof for the report alone; mail goes as if there were none. RFC 8461 §5, mode <c>testing</c>.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The server must offer REQUIRETLS too. RFC 8689 §4.2.1.</summary>
    public bool NeedsRequireTls { get; init; }

    /// <summary>Why the host must not be used at all; null where it may be tried.</summary>
    public string? Refusal { get; init; }

    /// <summary>The message can never go there: another attempt changes nothing.</summary>
    public bool IsRefusedForGood { get; init; }

    /// <summary>The host is refused for want of an answer of our own resolver: no attempt of the message, and nothing to report.</summary>
    public bool IsOurTrouble { get; init; }

    /// <summary>What is wrong before anybody has connected; None for nothing.</summary>
    public TlsFailure Fault { get; init; }

    /// <summary>Whose policy it is, for reports.</summary>
    public TlsPolicyKind Policy { get; init; }

    /// <summary>What sessions that meet it are kept under beside <see cref="Level"/>; empty where no certificate is checked.</summary>
    public string Key => Level is not TlsPolicy.Verified ? string.Empty : $"{(NeedsRequireTls ? "requiretls " : string.Empty)}{ProofWords.Of(Proof)} {Name}";

    /// <summary>Nothing but opportunism asks for TLS.</summary>
    public bool IsPlain => Level is TlsPolicy.Opportunistic && !IsTrial;

    /// <summary>Whether a handshake that fails, or is not offered, may be followed by none.</summary>
    public bool MayBeClear => Level is TlsPolicy.Opportunistic or TlsPolicy.Off;

    /// <summary>Held to usable records alone.</summary>
    public static TlsDemand Dane(TlsaSet tlsa) =>
        new(TlsPolicy.Verified) { Proof = TlsProof.Dane, Name = tlsa.Name, Tlsa = tlsa, Policy = TlsPolicyKind.Tlsa };

    /// <summary>Records of which none can be used: TLS is a must, with anybody. RFC 7672 §2.2.</summary>
    public static TlsDemand DaneUnusable(TlsaSet tlsa) =>
        new(TlsPolicy.Required) { Tlsa = tlsa, Policy = TlsPolicyKind.Tlsa, Fault = TlsFailure.TlsaInvalid };

    /// <summary>Held to the name and roots.</summary>
    public static TlsDemand Pkix(string name, TlsProof proof = TlsProof.Pkix) =>
        new(TlsPolicy.Verified) { Proof = proof, Name = name, Policy = proof is TlsProof.Sts ? TlsPolicyKind.Sts : TlsPolicyKind.None };
}
