namespace Engine.Configuration;

/// <summary>A key that two configurations set differently.</summary>
/// <param name="Path">JSON path of the key, or of an object the operator named that is new or gone.</param>
/// <param name="Old">JSON text of the old value, secrets as <c>"***"</c>; null where it was not set.</param>
/// <param name="New">JSON text of the new value; null where it is not set.</param>
/// <param name="NeedsRestart">Whether a reload cannot take it.</param>
internal sealed record SettingChange(string Path, string? Old, string? New, bool NeedsRestart)
{
    public override string ToString() => $"{Path}: {Old ?? "not set"} -> {New ?? "not set"}{(NeedsRestart ? " (needs a restart)" : string.Empty)}";
}
