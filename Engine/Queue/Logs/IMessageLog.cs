using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Logs;

/// <summary>
/// A log of frames that grows at the tail and is cut at the head. <see cref="Recover"/> comes first. One thread at a time appends, one
/// commits; any reads.
/// </summary>
internal interface IMessageLog : IDisposable
{
    LogLayout Layout { get; }

    /// <summary>First address that may hold something needed; always the start of a segment.</summary>
    long Begin { get; }

    /// <summary>Address after the last frame.</summary>
    long Tail { get; }

    /// <summary>Everything before is on stable storage.</summary>
    long Committed { get; }

    /// <summary>Greatest message id of this node seen; the appender of a message sets it.</summary>
    MessageId LastId { get; }

    /// <summary>Where the last commit ended. Asked by the thread that commits.</summary>
    LogPosition Point { get; }

    /// <summary>
    /// Gives every whole frame to the visitor, drops a torn end that was never acknowledged, and begins a new incarnation, committed.
    /// </summary>
    /// <param name="visitor">Takes the frames.</param>
    /// <param name="start">Where a snapshot lets it begin; null for the log's own begin.</param>
    /// <param name="now">Written into the new incarnation.</param>
    /// <param name="node">The same.</param>
    /// <exception cref="QueueDamagedException">Something acknowledged is missing or damaged; the message names the file.</exception>
    void Recover(IFrameVisitor visitor, LogStart? start, DateTimeOffset now, int node);

    /// <summary>Why a file that was given up could not be deleted; null while none failed. It is deleted at the next start.</summary>
    Exception? RemovalFault { get; }

    /// <summary>A write of a segment failed: nothing is committed any more before <see cref="Reopen"/>.</summary>
    bool IsBroken { get; }

    /// <summary>After a failed commit: cuts off what was not committed, opens the files anew and begins a new incarnation, committed.</summary>
    /// <exception cref="IOException">The disk still does not take it: try again later.</exception>
    void Reopen(DateTimeOffset now, int node);

    /// <summary>False when memory is full: try again after the next commit.</summary>
    bool TryAppend(in FrameBody body, out long address);

    /// <summary>What a commit would make stable now. Not while somebody appends or truncates.</summary>
    CommitMark Capture();

    /// <summary>Makes what was captured stable. Blocks. False when there was nothing to do.</summary>
    /// <exception cref="IOException">The disk did not take it: nothing may be appended any more.</exception>
    bool Commit(in CommitMark captured);

    /// <summary>The same of everything, where nobody else appends.</summary>
    bool Commit();

    /// <summary>Reads the octets of a frame, header and all, as far as the target goes. The frame must have been committed.</summary>
    /// <returns>Octets read; fewer than asked for when the log has lost them.</returns>
    /// <exception cref="QueueDamagedException">The disk does not give them.</exception>
    int Read(long address, Span<byte> target);

    /// <summary>Gives the frames of a committed segment to the visitor. Reads the files.</summary>
    /// <exception cref="QueueDamagedException">The segment is damaged.</exception>
    void Walk(int segment, IFrameVisitor visitor);

    /// <summary>Path of the file that holds an address, for messages.</summary>
    string FileOf(long address);

    /// <summary>Gives up whole segments before an address; their files vanish behind the next <see cref="Commit()"/>.</summary>
    void TruncateBefore(long address);
}
