using Engine.Mail;

namespace Engine.Routing;

/// <summary>Where a domain's mail goes.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Destination">Set when it is to be sent.</param>
/// <param name="Enhanced">Code of a permanent failure.</param>
/// <param name="Text">Why not, for events and notices.</param>
/// <param name="Expires">When to ask again.</param>
internal sealed record RouteDecision(RouteVerdict Verdict, Destination? Destination, EnhancedCode Enhanced, string Text, DateTimeOffset Expires)
{
    /// <summary>A route written for this very domain, not <c>*</c>: its operator said where it goes, so no relay is asked.</summary>
    public bool IsOwnRoute { get; init; }
}
