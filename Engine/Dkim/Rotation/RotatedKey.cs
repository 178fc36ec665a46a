using System.Text.Json.Serialization;

namespace Engine.Dkim.Rotation;

/// <summary>A key of a domain, and how it stands.</summary>
/// <param name="Selector">s=, lower case.</param>
/// <param name="KeyType">k=: <c>rsa</c> or <c>ed25519</c>.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Since">Since when. For a key that was found signing: the date of its file.</param>
internal sealed record RotatedKey(string Selector, string KeyType, KeyStanding Standing, DateTimeOffset Since)
{
    /// <summary>Whether it signs nothing ever again.</summary>
    [JsonIgnore]
    public bool HasEnded => Standing is KeyStanding.Retired or KeyStanding.Revoked;

    /// <summary>What to make; null for a key that was found.</summary>
    public KeyKind? Kind { get; init; }

    /// <summary>Whether its file was written. A next key is in the book before its file is there: so it cannot sign by mistake after a crash.</summary>
    public bool IsMade { get; init; }

    /// <summary>A next key that waits for an emergency, or for its turn.</summary>
    public bool IsSpare { get; init; }

    /// <summary>When DNS was last asked for its record.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>When the record was last seen everywhere asked.</summary>
    public DateTimeOffset? Seen { get; init; }

    /// <summary>Largest TTL the record was seen with.</summary>
    public TimeSpan RecordTtl { get; init; }

    /// <summary>Where the record was not seen when it was last asked for; empty when it was seen everywhere, or never asked for.</summary>
    public string Missing { get; init; } = string.Empty;

    /// <summary>When the operator was last told what to do about it.</summary>
    public DateTimeOffset? Told { get; init; }

    /// <summary>Why it was made or revoked, in an operator's words or ours.</summary>
    public string Reason { get; init; } = string.Empty;
}
