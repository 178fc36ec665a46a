namespace Engine.Routing;

/// <summary>Whether a recipient goes by a relay.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Relay">By which; null for <see cref="RelayVerdict.None"/>.</param>
/// <param name="Rule">Which key or rule decided, for events and <c>why</c>.</param>
internal readonly record struct RelayDecision(RelayVerdict Verdict, Relay? Relay, string Rule);
