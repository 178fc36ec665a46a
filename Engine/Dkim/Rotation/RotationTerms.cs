namespace Engine.Dkim.Rotation;

/// <summary>The times that one domain's rotation keeps.</summary>
/// <param name="Every">Age at which a signing key gets a successor; null for never.</param>
/// <param name="Rsa">What follows an RSA key.</param>
/// <param name="Spare">Whether a spare key is kept.</param>
/// <param name="LongestQueued">How long any mail that is not held may be queued: the longest schedule plus the longest give-up.</param>
internal sealed record RotationTerms(TimeSpan? Every, KeyKind Rsa, bool Spare, TimeSpan LongestQueued)
{
    /// <summary>The number of a host that stands alone: left out of names.</summary>
    public const int FirstNode = 1;

    /// <summary>
    /// How long a record stays after the last mail it signed can have left, besides its TTL. Forwarders and backup exchangers hold mail for up to five
    /// days (RFC 5321 §4.5.4.1), and whoever reads it then may verify it then.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromDays(7);

    /// <summary>Signed before the switch and accepted after it: a submission lasts no longer.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>After so long without the record the operator is told again, once a day.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>The same for a domain of which no key may sign.</summary>
    public static readonly TimeSpan UrgentPatience = TimeSpan.FromHours(1);

    /// <summary>How long a key that has ended is remembered once its file is gone. Revoked ones are never forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(400);

    /// <summary>This host's <c>node</c>, which is in the names of the keys it makes: <c>r20261122n3</c>; nothing for 1.</summary>
    public int Node { get; init; } = FirstNode;
}
