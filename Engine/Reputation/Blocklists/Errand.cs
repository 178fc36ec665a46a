namespace Engine.Reputation.Blocklists;

/// <summary>What is to be asked next: exactly one of the two is set.</summary>
/// <param name="Check">One list about one subject.</param>
/// <param name="Test">The self-test of one list.</param>
internal readonly record struct Errand(Check? Check, SelfTest? Test);
