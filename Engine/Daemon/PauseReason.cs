namespace Engine.Daemon;

/// <summary>One thing that pauses mail.</summary>
/// <param name="Key">The override, or the key of the configuration.</param>
/// <param name="Who">An operator, a brake, or <c>configuration</c>.</param>
/// <param name="Since">Null for what was written.</param>
/// <param name="Until">When it ends by itself; null when never.</param>
/// <param name="Reason">In words.</param>
internal sealed record PauseReason(string Key, string Who, DateTimeOffset? Since, DateTimeOffset? Until, string Reason);
