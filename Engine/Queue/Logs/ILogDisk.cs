namespace Engine.Queue.Logs;

/// <summary>The files of one log: segments, and a small file of commit marks. Tests put a failing or recording disk here.</summary>
internal interface ILogDisk : IDisposable
{
    /// <summary>Numbers of the segments there are, ascending.</summary>
    IReadOnlyList<int> Segments();

    long LengthOf(int segment);

    /// <summary>Path of a segment, for messages.</summary>
    string NameOf(int segment);

    /// <summary>Path of the commit marks, for messages.</summary>
    string MarksName { get; }

    /// <summary>Reads as much as there is; less than asked for only at the end of the file, 0 when there is no file.</summary>
    int Read(int segment, long offset, Span<byte> target);

    /// <summary>Returns when the octets are as stable as the log promises. Makes the segment when it is absent.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    void Write(int segment, long offset, ReadOnlySpan<byte> octets);

    /// <summary>Deletes a segment; no error when it is gone.</summary>
    void Remove(int segment);

    /// <summary>Shortens a segment, stably.</summary>
    void Cut(int segment, long length);

    /// <summary>Reads the commit marks; less than asked for when the file is short or absent.</summary>
    int ReadMarks(Span<byte> target);

    /// <summary>Returns when the octets are as stable as the log promises.</summary>
    void WriteMark(long offset, ReadOnlySpan<byte> octets);

    /// <summary>Octets free for the user of this process.</summary>
    long Free();
}
