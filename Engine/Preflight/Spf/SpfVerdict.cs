namespace Engine.Preflight.Spf;

/// <summary>What an evaluation came to.</summary>
/// <param name="Result">The result.</param>
/// <param name="Reason">The term that decided, or what was wrong, in words.</param>
/// <param name="Lookups">Terms that asked DNS; more than 10 are an error. RFC 7208 §4.6.4.</param>
/// <param name="Voids">Look-ups that found nothing; more than 2 are an error.</param>
internal sealed record SpfVerdict(SpfResult Result, string Reason, int Lookups, int Voids)
{
    /// <summary>What the domain says to senders it refuses; null where it says nothing, or nothing that can be read.</summary>
    public string? Explanation { get; init; }
}
