namespace Engine.Queue.Waiting;

/// <summary>Keeps a segment from being given up while something of it is read. Dispose once.</summary>
/// <param name="Ledger">Where it is counted; null for nothing.</param>
/// <param name="Segment">As in <see cref="SegmentLedger"/>.</param>
internal readonly record struct SegmentPin(SegmentLedger? Ledger, long Segment) : IDisposable
{
    public void Dispose() => Ledger?.Unpin(Segment);
}
