namespace Engine.Tests.Failures.Crash;

/// <summary>What a disk does.</summary>
internal enum OperationKind : byte
{
    /// <summary>O_DSYNC: stable when it is done; torn at sectors while it is not.</summary>
    Write,

    /// <summary>Shortens a file, stably.</summary>
    Cut,

    /// <summary>Deletes a file; undone by a crash unless the directory was flushed behind it.</summary>
    Remove,

    /// <summary>Writes octets of a snapshot that has no name yet.</summary>
    Draft,

    /// <summary>Makes those octets stable.</summary>
    Flush,

    /// <summary>Gives the snapshot its name. Sectors that were not flushed may be lost.</summary>
    Publish,

    /// <summary>Makes the names in a directory stable.</summary>
    FlushNames,
}
