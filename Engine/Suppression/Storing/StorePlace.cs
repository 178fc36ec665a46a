using Engine.Configuration;

namespace Engine.Suppression.Storing;

/// <summary>Where a list lives, and what it is written with. Holds the directory's lock: one process at a time.</summary>
/// <param name="Directory">Of its files.</param>
/// <param name="Key">Keys them.</param>
/// <param name="Options">As at the start.</param>
/// <param name="Clock">Says what has expired.</param>
/// <param name="DeltaLimit">Records in memory before a run is written.</param>
/// <param name="Hold">The open lock file.</param>
internal sealed record StorePlace(string Directory, SuppressionKey Key, SuppressionOptions Options, TimeProvider Clock, int DeltaLimit, FileStream Hold) : IDisposable
{
    public void Dispose() => Hold.Dispose();
}
