using Engine.Queue;

namespace Engine.Daemon;

/// <summary>What an operator orders on queued mail.</summary>
/// <param name="Verb">retry, hold, release, fail, rm, expire or route.</param>
/// <param name="Selector">Which recipients.</param>
/// <param name="Words">The selector as given, for the event.</param>
/// <param name="Reason">The operator's.</param>
/// <param name="Pool">For route: where to.</param>
internal sealed record OperatorRequest(string Verb, RecipientSelector Selector, string Words, string Reason, string Pool = "");
