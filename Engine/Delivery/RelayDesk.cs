using System.Collections.Concurrent;
using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Queue;
using Engine.Routing;

namespace Engine.Delivery;

/// <summary>The relays in force: chooses one for a recipient, keeps their quotas, and raises an alert when one is in trouble. Thread-safe.</summary>
/// <param name="ledger">Quotas and pauses.</param>
/// <param name="events">Takes alerts: one for a trouble, again after an hour.</param>
/// <param name="clock">The time.</param>
/// <param name="chance">Jitter of pauses. Thread-safe.</param>
internal sealed class RelayDesk(RelayLedger ledger, IEvents events, TimeProvider clock, Random chance)
{
    private const int MaxRefused = 3;

    private static readonly TimeSpan AlertAgain = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Relay, string Rule), DateTimeOffset> _alerts = new();
    private readonly ConcurrentDictionary<string, int> _refused = new();
    private RelayTable _table = RelayTable.Empty;

    /// <summary>No relay at all: nothing to ask.</summary>
    public bool IsEmpty => Volatile.Read(ref _table).All.Count == 0;

    public RelayTable Table => Volatile.Read(ref _table);

    /// <summary>Puts the relays of a configuration in force. Quotas and pauses stay.</summary>
    public void Load(RelayTable table) => Volatile.Write(ref _table, table);

    /// <summary>Whether a recipient that is due goes by a relay.</summary>
    /// <param name="recipient">As the queue has it.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="pool">Pool it leaves by.</param>
    /// <param name="onEmpty">The relay of the pool's <c>onEmpty</c>, when the pool has no source that may send.</param>
    public RelayDecision Decide(in QueuedRecipient recipient, Flow flow, string pool, string? onEmpty)
    {
        if (IsEmpty)
        {
            return default;
        }

        var now = clock.GetUtcNow();
        return new RelayChoice(Table, ledger).Decide(CaseOf(recipient, flow, pool, now) with { OnEmpty = onEmpty }, now);
    }

    /// <summary>When a recipient that has just failed should be due because of a relay; null leaves it to its schedule. See <see cref="RelayChoice.LookAgainAt"/>.</summary>
    /// <param name="recipient">As the queue has it, the failure not yet counted.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="pool">Pool it left by.</param>
    /// <param name="category">Of the failure.</param>
    public DateTimeOffset? DueFor(in QueuedRecipient recipient, Flow flow, string pool, Category category)
    {
        if (IsEmpty)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var before = CaseOf(recipient, flow, pool, now);
        var after = before with { Attempts = before.Attempts + 1, Category = category };
        return recipient.Accepted + new RelayChoice(Table, ledger).LookAgainAt(before, after, now);
    }

    /// <summary>No lane of the pool gets through to the relay before then.</summary>
    public void Pause(Relay relay, string pool, DateTimeOffset until) => ledger.Pause(relay, pool, until);

    /// <summary>What a lane to a relay needs; null for a lane to exchangers.</summary>
    /// <param name="destination">Name of the lane's destination.</param>
    public RelayLane? LaneOf(string destination) =>
        destination.StartsWith(Relay.Prefix, StringComparison.Ordinal) ? new RelayLane(this, destination[Relay.Prefix.Length..]) : null;

    /// <summary>Counts a recipient that is about to be handed over.</summary>
    public bool TryTake(string name) =>
        Table.Find(name) is { } relay && clock.GetUtcNow() is var now && ledger.IsOpen(relay, RelayLedger.AnyPool, now) && ledger.TryTake(relay, now);

    /// <summary>One that was counted was not handed over.</summary>
    public void GiveBack(string name)
    {
        if (Table.Find(name) is { } relay)
        {
            ledger.GiveBack(relay, 1, clock.GetUtcNow());
        }
    }

    /// <summary>It refused for now, or refused us. From the third time in a row it is the relay and no recipient: it is paused, longer each time.</summary>
    public void Refused(string name, in Verdict verdict)
    {
        var refused = _refused.AddOrUpdate(name, 1, static (_, count) => count + 1);
        if (refused >= MaxRefused && Table.Find(name) is { } relay)
        {
            ledger.Pause(relay, RelayLedger.AnyPool, clock.GetUtcNow() + LanePause.After(refused - MaxRefused + 1, chance));
            Alert(name, verdict);
        }
    }

    /// <summary>Tells operators, unless the same was told within the hour.</summary>
    public void Alert(string relay, in Verdict verdict)
    {
        var rule = RelayReply.IsAboutUs(verdict) ? "relay.login" : verdict.Code > 0 ? "relay.refuses" : "relay.unreachable";
        var now = clock.GetUtcNow();
        var told = _alerts.GetOrAdd((relay, rule), now);
        if (told != now && (now - told < AlertAgain || !_alerts.TryUpdate((relay, rule), now, told)))
        {
            return;
        }

        events.Write(new Event
        {
            Kind = EventKind.Alert,
            Time = now,
            RecipientIndex = -1,
            Who = "relay",
            Relay = relay,
            Rule = rule,
            Code = verdict.Code,
            Enhanced = verdict.Enhanced,
            Command = verdict.Command,
            Reason = $"the relay {relay} is in trouble, mail goes on without it: {verdict.Text}",
        });
    }

    /// <summary>It takes mail: the next trouble is a new one.</summary>
    public void Works(string relay)
    {
        _refused.TryRemove(relay, out _);
        if (_alerts.IsEmpty)
        {
            return;
        }

        foreach (var key in _alerts.Keys.Where(key => key.Relay == relay))
        {
            _alerts.TryRemove(key, out _);
        }
    }

    private static RelayCase CaseOf(in QueuedRecipient recipient, Flow flow, string pool, DateTimeOffset now) => new()
    {
        Age = now - recipient.Accepted,
        Class = flow.Class,
        Attempts = recipient.Attempts,
        Category = recipient.Category,
        IsUncertain = recipient.IsUncertain,
        Pool = pool,
    };
}
