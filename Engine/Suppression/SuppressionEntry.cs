using Engine.Mail;

namespace Engine.Suppression;

/// <summary>One suppressed address in one scope.</summary>
/// <param name="Address">Who.</param>
/// <param name="Scope">Whose mail.</param>
/// <param name="Reason">Why. <see cref="SuppressionReason.Warning"/> counts, and suppresses nobody.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Added">When; seconds are kept.</param>
/// <param name="Expires">When it ends; null never. Days are kept, rounded up.</param>
internal readonly record struct SuppressionEntry(AddressDigest Address, SuppressionScope Scope, SuppressionReason Reason, SuppressionOrigin Origin, DateTimeOffset Added, DateTimeOffset? Expires = null)
{
    /// <summary>Warnings counted so far, 1–15; 0 for other reasons.</summary>
    public byte Count { get; init; }
}
