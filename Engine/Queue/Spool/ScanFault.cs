using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>A place where a log is not as it was written.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Length">Octets, up to what is whole again.</param>
/// <param name="Reason">What is wrong, for people.</param>
internal readonly record struct ScanFault(long Address, long Length, string Reason)
{
    /// <summary>First sequence number that is lost here; see <see cref="MissingUntil"/>.</summary>
    public ulong MissingFrom { get; init; }

    /// <summary>After the last that is lost here; equal to <see cref="MissingFrom"/> when no frame is known to be lost.</summary>
    public ulong MissingUntil { get; init; }

    /// <summary>Of the damaged frame, when its header is whole.</summary>
    public FrameHeader? Header { get; init; }
}
