namespace Engine.Tests.Failures.Crash;

/// <summary>What a queue says of a recipient.</summary>
internal readonly record struct FoundRecipient(int Attempts, bool IsHeld);
