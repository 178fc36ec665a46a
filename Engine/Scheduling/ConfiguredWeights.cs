using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>The weights of the configuration, always.</summary>
internal sealed class ConfiguredWeights : ISourceWeights
{
    public int Version => 0;

    public int Weight(Pool pool, Source source, string operatorId) => pool.WeightOf(source);

    public bool IsWarming(Source source, string operatorId) => false;
}
