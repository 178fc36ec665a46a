namespace Engine.Tests.Failures.Crash;

/// <summary>How a state of the files came about.</summary>
internal enum StateKind : byte
{
    /// <summary>The operations up to one, whole.</summary>
    Prefix,

    /// <summary>And the first half of the next.</summary>
    FirstHalf,

    /// <summary>And any sectors of the next.</summary>
    Subset,

    /// <summary>And a longer file without the octets.</summary>
    Hole,

    /// <summary>And garbage in sectors of the next.</summary>
    Garbage,

    /// <summary>And garbage in the sector that also held what was stable.</summary>
    SharedGarbage,

    /// <summary>Deletions that nobody made stable are undone, all or some.</summary>
    Undeleted,

    /// <summary>Undone deletions, and the next operation torn.</summary>
    UndeletedTorn,

    /// <summary>Sectors of a published snapshot that nobody flushed are missing.</summary>
    Unflushed,

    /// <summary>A prefix, and one bit wrong in any file.</summary>
    BitFlip,
}
