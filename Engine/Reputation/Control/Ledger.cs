using System.Collections.Concurrent;
using Engine.Reputation.Control.Health;

namespace Engine.Reputation.Control;

/// <summary>What control allows now, for any thread to read, and how changes are told. Written by one thread.</summary>
internal sealed class Ledger
{
    /// <summary>Of a key that control leaves alone.</summary>
    public static readonly Allowance Open = new(null, null, null, DateTimeOffset.MinValue, string.Empty, DateTimeOffset.MinValue);

    private readonly ConcurrentDictionary<ControlKey, Allowance> _allowances = new();
    private readonly ConcurrentDictionary<(string Source, string Operator), SourceShare> _shares = new();
    private int _version;

    /// <summary>Goes up with every change.</summary>
    public int Version => Volatile.Read(ref _version);

    public Allowance Of(ControlKey key) => _allowances.TryGetValue(key, out var allowance) ? allowance : Open;

    public SourceShare ShareOf(string source, string @operator) => _shares.TryGetValue((source, @operator), out var share) ? share : SourceShare.Full;

    /// <summary>Publishes what a key may do. What is no more than a step up and changes no figure is not told.</summary>
    public void Allow(ICollection<ControlChange> changes, DateTimeOffset now, ControlChangeKind kind, ControlKey key, Allowance after, string reason)
    {
        var before = Of(key);
        var same = before with { Rule = after.Rule, Since = after.Since } == after;
        if (same && kind is ControlChangeKind.Raised)
        {
            return;
        }

        Publish(key, after);
        changes.Add(new ControlChange
        {
            At = now,
            Kind = kind,
            Key = key,
            Before = before,
            After = after,
            Rule = after.Rule,
            Until = after.PausedUntil > now ? after.PausedUntil : null,
            Reason = reason,
        });
    }

    /// <summary>Publishes what a source gets at a receiver.</summary>
    public void Weigh(ICollection<ControlChange> changes, DateTimeOffset now, Place place, string reason)
    {
        var (before, after) = (ShareOf(place.Source, place.Operator.Name), place.Health.Share);
        var allowed = Of(place.Channel.Key);
        Publish(place);
        Publish(place.Channel.Key, place.Allowance);
        changes.Add(new ControlChange
        {
            At = now,
            Kind = KindOf(before.State, after.State),
            Key = place.Channel.Key,
            Before = allowed,
            After = place.Allowance,
            ShareBefore = before,
            ShareAfter = after,
            Rule = place.Health.Rule,
            Until = after.State is SourceState.Stopped ? place.Health.Until : null,
            Reason = reason,
        });
    }

    public void Publish(ControlKey key, Allowance allowance)
    {
        if (allowance with { Rule = Open.Rule, Since = Open.Since } == Open)
        {
            _allowances.TryRemove(key, out _);
        }
        else
        {
            _allowances[key] = allowance;
        }

        Interlocked.Increment(ref _version);
    }

    public void Publish(Place place)
    {
        var key = (place.Source, place.Operator.Name);
        if (place.Health.Share == SourceShare.Full)
        {
            _shares.TryRemove(key, out _);
        }
        else
        {
            _shares[key] = place.Health.Share;
        }

        Interlocked.Increment(ref _version);
    }

    private static ControlChangeKind KindOf(SourceState before, SourceState after) => (before, after) switch
    {
        (_, SourceState.Stopped) => ControlChangeKind.Stopped,
        (_, SourceState.Probing) => ControlChangeKind.Probing,
        (SourceState.Stopped or SourceState.Probing or SourceState.Returning, SourceState.Healthy) => ControlChangeKind.Restored,
        _ => ControlChangeKind.Weighted,
    };
}
