namespace Engine.Configuration.Providers;

/// <summary>One thing a matched rule does to the flow of mail.</summary>
/// <param name="Operation">What.</param>
/// <param name="Scope">To what.</param>
/// <param name="For">How long; zero with <see cref="FlowOperation.SingleConnectionRecovery"/>, which ends by success.</param>
/// <param name="Value">Factor or amount; 0 where the operation takes none.</param>
/// <param name="MatchesPerHour">Acts after this many matches of the rule for the scope within an hour; 0 and 1: at once.</param>
internal readonly record struct FlowAction(FlowOperation Operation, FlowScope Scope, TimeSpan For, double Value, int MatchesPerHour);
