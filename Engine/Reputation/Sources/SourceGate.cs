using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Reputation.Sources;

/// <summary>
/// Whether a source takes new mail, asked at every attempt: O(1), no lock, nothing allocated. Set whenever an override, the monitor or a quarantine
/// changes. What it does not know takes mail: a source of a reload that was this moment.
/// </summary>
internal sealed class SourceGate
{
    private Closed _closed = new(FrozenSet<SourceId>.Empty, FrozenSet<(SourceId, string)>.Empty);

    /// <summary>Whether it takes mail for somebody.</summary>
    public bool Takes(SourceId source) => !Volatile.Read(ref _closed).Wholly.Contains(source);

    /// <summary>Whether it takes mail for this operator.</summary>
    public bool Takes(SourceId source, string of)
    {
        var closed = Volatile.Read(ref _closed);
        return !closed.Wholly.Contains(source) && (closed.At.Count == 0 || !closed.At.Contains((source, of)));
    }

    /// <summary>Replaces all that was set.</summary>
    public void Set(IEnumerable<(SourceId Id, SourceState State)> states)
    {
        var (wholly, at) = (new HashSet<SourceId>(), new HashSet<(SourceId, string)>());
        foreach (var (id, state) in states)
        {
            if (!state.TakesMail)
            {
                wholly.Add(id);
            }

            at.UnionWith(state.Quarantines.Where(quarantine => quarantine.Operator is not null).Select(quarantine => (id, quarantine.Operator!)));
        }

        Volatile.Write(ref _closed, new Closed(wholly.ToFrozenSet(), at.ToFrozenSet()));
    }

    private sealed record Closed(FrozenSet<SourceId> Wholly, FrozenSet<(SourceId Source, string Operator)> At);
}
