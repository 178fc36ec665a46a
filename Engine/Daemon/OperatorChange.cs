namespace Engine.Daemon;

/// <summary>What an operator's order did.</summary>
/// <param name="Count">Recipients changed, or marked while an attempt runs; null while the order stands and has not come to all yet.</param>
/// <param name="InFlight">Of these, those marked: it takes effect when the attempt returns.</param>
internal sealed record OperatorChange(int? Count, int InFlight);
