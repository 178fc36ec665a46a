using Engine.Configuration;
using Engine.Dkim;

namespace Engine.Daemon;

/// <summary>A configuration as checked.</summary>
/// <param name="Snapshot">Null when core findings refuse it.</param>
/// <param name="Keys">Its signing keys; null with it.</param>
/// <param name="Findings">All of them.</param>
internal sealed record CheckedConfiguration(Snapshot? Snapshot, KeyRing? Keys, Findings Findings);
