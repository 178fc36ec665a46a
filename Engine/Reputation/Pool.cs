using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>Sources that share mail, with the weights the configuration gives them. Immutable.</summary>
internal sealed class Pool
{
    private readonly FrozenDictionary<SourceId, (Source Source, int Weight)> _byId;

    /// <param name="name">Key in <c>pools</c>; <c>default</c> for the built-in one.</param>
    /// <param name="streamClass">Null: both classes.</param>
    /// <param name="weights">At least one source, weights above 0.</param>
    /// <param name="onEmpty">Where its mail goes while no source takes any.</param>
    public Pool(string name, StreamClass? streamClass, IReadOnlyList<(Source Source, int Weight)> weights, PoolFallback onEmpty = default)
    {
        (Name, Class, OnEmpty) = (name, streamClass, onEmpty);
        Sources = [.. weights.Select(weight => weight.Source)];
        _byId = weights.ToFrozenDictionary(weight => weight.Source.Id);
    }

    public string Name { get; }

    /// <summary>The class it is for; null for the default pool, which both share.</summary>
    public StreamClass? Class { get; }

    public IReadOnlyList<Source> Sources { get; }

    /// <summary>Where its mail goes while no source takes any.</summary>
    public PoolFallback OnEmpty { get; }

    /// <summary>Whether any of its sources reaches a destination with addresses of these families. If none does, the destination is unreachable for it, and an attempt counts.</summary>
    public bool Reaches(AddressFamilies families)
    {
        for (var index = 0; index < Sources.Count; index++)
        {
            if (Sources[index].Reaches(families))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the source is one of its own. By value: a reload makes new objects of unchanged sources, and lanes keep theirs.</summary>
    public bool Serves(Source source) => _byId.TryGetValue(source.Id, out var own) && own.Source == source;

    /// <summary>The configured weight; 0 for a source that is none of its own.</summary>
    public int WeightOf(Source source) => Serves(source) ? _byId[source.Id].Weight : 0;
}
