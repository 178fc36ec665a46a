namespace Engine.Reputation;

/// <summary>Where a pool's mail goes now. Neither: it waits.</summary>
/// <param name="Pool">The pool itself, or the first after it that takes mail.</param>
/// <param name="Relay">A relay by name, when no pool takes any.</param>
internal readonly record struct PoolChoice(Pool? Pool, string? Relay)
{
    public bool Waits => Pool is null && Relay is null;
}
