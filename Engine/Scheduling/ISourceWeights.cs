using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>How much of a pool's mail towards an operator each source should get now. Any thread, under a destination's lock.</summary>
internal interface ISourceWeights
{
    /// <summary>Moves when any weight, or who warms up, changes; call <see cref="Scheduler.Reconsider"/> afterwards.</summary>
    int Version { get; }

    /// <summary>Share among the pool's sources; 0 takes no mail: quarantined, or its address is not here.</summary>
    int Weight(Pool pool, Source source, string operatorId);

    /// <summary>Whether it takes lively recipients first and silent ones only when nobody else can.</summary>
    bool IsWarming(Source source, string operatorId);
}
