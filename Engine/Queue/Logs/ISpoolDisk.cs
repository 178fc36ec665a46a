namespace Engine.Queue.Logs;

/// <summary>All files of one shard: a log for each generation, and the snapshots of the index. Tests put a failing or recording disk here.</summary>
internal interface ISpoolDisk : IDisposable
{
    /// <summary>The files of a generation's log; opened by the first call, closed with this.</summary>
    /// <exception cref="IOException">Another process has it open.</exception>
    ILogDisk Log(int generation);

    /// <summary>Numbers of the snapshots that were written to their end, ascending.</summary>
    IReadOnlyList<int> Snapshots();

    /// <summary>Path of a snapshot, for messages.</summary>
    string NameOfSnapshot(int number);

    /// <exception cref="IOException">It is absent or cannot be read.</exception>
    Stream OpenSnapshot(int number);

    /// <summary>Writes a snapshot beside, makes it stable, gives it its name, makes the name stable. Nothing has changed when it throws.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    void WriteSnapshot(int number, Action<Stream> write);

    /// <summary>Deletes a snapshot; no error when it is gone.</summary>
    void RemoveSnapshot(int number);
}
