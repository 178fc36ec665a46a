using Engine.Configuration;

namespace Engine.Daemon;

/// <summary>What a reload did or would do.</summary>
/// <param name="IsTaken">True when the new configuration is in force.</param>
/// <param name="Findings">All of them; core ones refused it.</param>
/// <param name="Changes">Keys that differ, secrets masked.</param>
internal sealed record ReloadResult(bool IsTaken, IReadOnlyList<Finding> Findings, IReadOnlyList<SettingChange> Changes);
