namespace Engine.Tests.Peers;

/// <summary>What a program of others that ran to its end left.</summary>
internal sealed record PeerResult(int ExitCode, string Output, string Error);
