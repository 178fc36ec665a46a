namespace Engine.Reputation.Sources;

/// <summary>That a source sends nothing to an operator, or to nobody.</summary>
/// <param name="Operator">Null: nobody.</param>
/// <param name="Rule">What set it so.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Since">When.</param>
/// <param name="Until">When it ends by itself; null when something must happen first.</param>
internal sealed record SourceQuarantine(string? Operator, string Rule, string Reason, DateTimeOffset Since, DateTimeOffset? Until);
