namespace Engine.Queue.Spool;

/// <summary>What stands in one of the places for commit marks.</summary>
internal enum MarkState : byte
{
    /// <summary>Never written.</summary>
    Empty,

    Whole,

    /// <summary>Unreadable, and the next to be written: a crash leaves it so.</summary>
    Torn,

    /// <summary>Unreadable without a crash to explain it.</summary>
    Damaged,
}
