using System.Security.Cryptography;
using System.Text;

namespace Engine.Routing;

/// <summary>
/// What a recipient domain asks of TLS towards its exchangers, beside <c>delivery.tls.policy</c>. Part of what makes a destination, so that all mail of a
/// lane and every session of it stand under the same one: two domains share a destination when exchangers and requirement are equal. RFC 7672, RFC 8461.
/// </summary>
internal sealed record TlsRequirement
{
    public static readonly TlsRequirement None = new();

    public TlsRequirement()
    {
    }

    // A copy makes a key of its own.
    private TlsRequirement(TlsRequirement other) => (Sts, MxPatterns, IsMxAuthentic) = (other.Sts, other.MxPatterns, other.IsMxAuthentic);

    public StsMode Sts { get; init; }

    /// <summary>The policy's <c>mx</c> patterns in lower case, sorted; empty without a policy.</summary>
    public IReadOnlyList<string> MxPatterns { get; init; } = [];

    /// <summary>The answer that named the exchangers was validated, so that DANE may be believed for them. RFC 7672 §2.2.1.</summary>
    public bool IsMxAuthentic { get; init; }

    /// <summary>Equal for equal requirements; empty for <see cref="None"/>. Patterns are in it as their SHA-256: a stranger wrote them, and they may be long.</summary>
    public string Key => field ??= this is { Sts: StsMode.None, IsMxAuthentic: false }
        ? string.Empty
        : $"{(IsMxAuthentic ? "authentic" : string.Empty)} {Sts} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', MxPatterns))))}";

    /// <summary>For status and operators: <c>sts enforce</c>, <c>dane</c> where it may be believed, both, or empty.</summary>
    public string Word => (Sts, IsMxAuthentic) switch
    {
        (StsMode.None, false) => string.Empty,
        (StsMode.None, true) => "dane",
        (var mode, false) => $"sts {mode.ToString().ToLowerInvariant()}",
        (var mode, true) => $"dane, sts {mode.ToString().ToLowerInvariant()}",
    };

    public bool Equals(TlsRequirement? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
