namespace Engine.Dkim;

/// <summary>When a signature is made, and from when it must hold.</summary>
/// <param name="Signed">For t=.</param>
/// <param name="Due">When the message may first leave; x= counts from here, so that scheduled mail does not leave with a signature that has ended.</param>
internal readonly record struct SigningTime(DateTimeOffset Signed, DateTimeOffset Due)
{
    /// <summary>A message that may leave at once.</summary>
    public static implicit operator SigningTime(DateTimeOffset now) => new(now, now);
}
