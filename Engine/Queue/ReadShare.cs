namespace Engine.Queue;

/// <summary>Room taken in a <see cref="ReadBudget"/>; given back once.</summary>
internal readonly record struct ReadShare(ReadBudget? Budget, long Octets) : IDisposable
{
    public void Dispose() => Budget?.Return(Octets);
}
