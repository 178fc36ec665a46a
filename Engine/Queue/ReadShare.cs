namespace Engine.Queue;

/// <summary>Room taken in a <see cref="ReadBudget"/>; given back once.</summary>
internal readonly record struct ReadShare(ReadBudget? Budget, long Octets) : IDisposable
{
    /// <summary>The same place with more in it, at once and without asking: it is in memory already. Use it instead of this.</summary>
    public ReadShare Grow(long octets)
    {
        var more = Math.Max(0, octets - Octets);
        Budget?.Charge(more);
        return this with { Octets = Octets + more };
    }

    public void Dispose() => Budget?.Return(Octets);
}
