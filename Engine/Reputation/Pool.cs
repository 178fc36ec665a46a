using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>Sources that share mail, and the order in which their lanes are offered a slot. The order is made once; a choice is O(1). Thread-safe.</summary>
internal sealed class Pool
{
    private readonly Source[] _order;
    private uint _next;

    /// <param name="name">Key in <c>pools</c>; <c>default</c> for the built-in one.</param>
    /// <param name="streamClass">Null: both classes.</param>
    /// <param name="weights">At least one source, weights above 0.</param>
    /// <param name="onEmpty">Where its mail goes while no source takes any.</param>
    public Pool(string name, StreamClass? streamClass, IReadOnlyList<(Source Source, int Weight)> weights, PoolFallback onEmpty = default)
    {
        (Name, Class, OnEmpty) = (name, streamClass, onEmpty);
        Sources = [.. weights.Select(weight => weight.Source)];
        _order = Order(weights);
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

    public bool Serves(Source source)
    {
        for (var index = 0; index < Sources.Count; index++)
        {
            // By value: a reload makes new objects of unchanged sources, and lanes keep theirs.
            if (Sources[index] == source)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The source whose lane is offered the next slot: over time each comes as often as its weight says.</summary>
    public Source Next() => _order[Interlocked.Increment(ref _next) % (uint)_order.Length];

    // Smooth weighted round robin, played once: neighbours differ as much as the weights allow.
    private static Source[] Order(IReadOnlyList<(Source Source, int Weight)> weights)
    {
        var divisor = weights.Select(weight => weight.Weight).Aggregate(GreatestCommonDivisor);
        var steps = weights.Select(weight => weight.Weight / divisor).ToArray();
        var credit = new int[steps.Length];
        var order = new Source[steps.Sum()];
        for (var turn = 0; turn < order.Length; turn++)
        {
            for (var index = 0; index < steps.Length; index++)
            {
                credit[index] += steps[index];
            }

            var best = Array.IndexOf(credit, credit.Max());
            credit[best] -= order.Length;
            order[turn] = weights[best].Source;
        }

        return order;
    }

    private static int GreatestCommonDivisor(int left, int right) => right == 0 ? left : GreatestCommonDivisor(right, left % right);
}
