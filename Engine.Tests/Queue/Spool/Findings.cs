using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Spool;

namespace Engine.Tests.Queue.Spool;

/// <summary>What a scan of hand-made octets found.</summary>
internal sealed class Findings : IScanVisitor
{
    public List<ulong> Frames { get; } = [];

    public List<ScanFault> Faults { get; } = [];

    public List<FrameHeader?> BrokenFrames { get; } = [];

    /// <summary>Sequence numbers that the faults say are lost.</summary>
    public IEnumerable<ulong> Lost => Faults.SelectMany(static fault => Enumerable.Range(0, (int)(fault.MissingUntil - fault.MissingFrom)).Select(step => fault.MissingFrom + (ulong)step));

    public static Findings Of(HandMadeLog log, CommitMark? mark)
    {
        var found = new Findings();
        var scan = new SpoolScan(LogScan.FirstAddress, mark, found);
        for (var address = LogScan.FirstAddress; address < log.Octets.Length; address = ((address / HandMadeLog.PageSize) + 1) * HandMadeLog.PageSize)
        {
            scan.Page(log.Octets.Span[(int)address..(int)(((address / HandMadeLog.PageSize) + 1) * HandMadeLog.PageSize)], address);
        }

        scan.Finish();
        return found;
    }

    public void Frame(long address, in FrameHeader header, ReadOnlySpan<byte> payload) => Frames.Add(header.Sequence);

    public void Broken(long address, FrameHeader? header, ReadOnlySpan<byte> payload) => BrokenFrames.Add(header);

    public void Fault(in ScanFault fault) => Faults.Add(fault);
}
