namespace Engine.Daemon;

/// <summary>How to reload.</summary>
/// <param name="DryRun">Say what would change, change nothing.</param>
/// <param name="Previous">Go back to the snapshot before the last reload instead of reading the file.</param>
/// <param name="HoldOrphans">Mail of removed accounts and pools is held instead of refusing the reload.</param>
internal sealed record ReloadRequest(bool DryRun = false, bool Previous = false, bool HoldOrphans = false);
