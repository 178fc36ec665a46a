using Engine.Queue.Frames;

namespace Engine.Tests.Failures.Crash;

/// <summary>What a crash left, and what must be found in it.</summary>
/// <param name="Kind">How it came about.</param>
/// <param name="At">Operations that were done.</param>
/// <param name="Image">The files; forked before anything is changed in them.</param>
/// <param name="Expected">Every message there ever was.</param>
/// <param name="Operation">What was being done.</param>
/// <param name="Flipped">A file in which one bit is wrong.</param>
internal sealed record CrashState(
    StateKind Kind, int At, DiskImage Image, IReadOnlyCollection<ExpectedMessage> Expected, DiskOperation? Operation, LabFile? Flipped = null)
{
    /// <summary>
    /// Whether octets that were stable are gone, so that a refusal which names the file is right. Snapshots and marks are kept several
    /// times: one that is damaged is no reason, unless an earlier crash had cost the others and the next was not written yet.
    /// </summary>
    public bool MayRefuse => Damaged is { IsSegment: true } || (Damaged is { IsSnapshot: true } && Image.Files.Count(static file => file.Key.IsSnapshot) == 1);

    /// <summary>A file that lost octets which were stable.</summary>
    public LabFile? Damaged => Kind == StateKind.SharedGarbage ? Operation?.File : Flipped;

    /// <summary>Messages that may stand there: a bit hits one frame, a sector as many as begin in it.</summary>
    public int MostUnreadable => Kind switch
    {
        StateKind.SharedGarbage => DiskOperation.Sector / FrameHeader.Size,
        StateKind.BitFlip => 1,
        _ => 0,
    };

    /// <summary>For a report: files and their lengths.</summary>
    public string Files() => string.Join(", ", Image.Files.OrderBy(static file => file.Key.Path, StringComparer.Ordinal).Select(static file => $"{file.Key} {file.Value.Length}"));

    public override string ToString() => $"{Kind} at operation {At} ({Operation}){(Flipped is { } file ? $" in {file}" : string.Empty)}";
}
