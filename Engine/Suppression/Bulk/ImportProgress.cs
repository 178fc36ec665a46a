namespace Engine.Suppression.Bulk;

/// <summary>How far an import is; at the end, how it went.</summary>
/// <param name="Records">Read, whatever became of them.</param>
/// <param name="Added">On the list now, and durable, because of it.</param>
/// <param name="Known">Were there already, and as strong.</param>
/// <param name="Expired">Had expired before they came.</param>
/// <param name="Faults">Were not understood.</param>
internal readonly record struct ImportProgress(long Records, long Added, long Known, long Expired, long Faults);
