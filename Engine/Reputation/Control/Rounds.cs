using System.Globalization;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Reputation.Control.Health;

namespace Engine.Reputation.Control;

/// <summary>What time does: judges receivers and sources, ends pauses, probes, climbs, forgets. One thread.</summary>
internal sealed class Rounds(Registry registry, Ledger ledger, Triggers triggers, Complaints complaints, LocalTrouble trouble, IControlFrame frame)
{
    /// <summary>Sender domains, or campaigns, held of one receiver.</summary>
    public const int MostChannels = 10_000;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan HourIdle = TimeSpan.FromHours(1);

    private readonly List<Operator> _turn = [];
    private DateTimeOffset _sweptAt;

    public void Tick(DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        if (trouble.Tick(now))
        {
            Trouble(now, changes);
        }

        _turn.Clear();
        _turn.AddRange(registry.Watched);
        foreach (var @operator in _turn)
        {
            Round(@operator, now, options, changes);
        }

        foreach (var source in registry.Sources.Values)
        {
            Pace(source, now, options, changes);
        }

        if (now - _sweptAt >= TimeSpan.FromMinutes(1))
        {
            _sweptAt = now;
            Sweep(now);
        }
    }

    private void Round(Operator @operator, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        var active = @operator.Active(now);
        if (!trouble.IsOn && !@operator.Outage.IsOn && now - @operator.BadAt < Quiet && @operator.IsDown(active, options))
        {
            Begin(@operator, active, now, options, changes);
        }

        if (@operator.Outage.Tick(now, options) is { } kind)
        {
            ledger.Allow(changes, now, kind, @operator.Channel.Key, @operator.AllowanceAt(now, options), "down for every source");
        }

        if (!@operator.Outage.IsOn)
        {
            Health(@operator, active, now, options, changes);
        }

        foreach (var place in @operator.Places)
        {
            Pace(place.Channel, place, now, options, changes);
        }

        PaceReceiver(@operator, now, options, changes);
        Pace(@operator.Domains, now, options, changes);
        Pace(@operator.Campaigns, now, options, changes);
        if (now - @operator.HeardAt >= Day)
        {
            Idle(@operator, now, options, changes);
        }

        if (@operator.IsAtRest && now - @operator.BadAt >= Quiet)
        {
            registry.Watched.Remove(@operator);
        }
    }

    // Without replies nothing is proven and nothing moves: what was held against sources is let go, and at last all.
    private void Idle(Operator @operator, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        var last = now - @operator.HeardAt >= options.Forget && !@operator.Channels.Any(static channel => channel.Pace.Pause.IsOn);
        foreach (var place in @operator.Places)
        {
            if (place.Health.State is SourceState.Degraded or SourceState.Probing or SourceState.Returning || (last && place.Health.State is SourceState.Stopped && now >= place.Health.Until))
            {
                place.Health.Clear(now);
                ledger.Weigh(changes, now, place, "nothing was sent there for a day");
            }
        }

        if (last && @operator.Places.TrueForAll(static place => place.Health.State is SourceState.Healthy))
        {
            foreach (var channel in @operator.Channels)
            {
                ledger.Allow(changes, now, ControlChangeKind.Raised, channel.Key, Ledger.Open, "forgotten: nothing was sent there for long");
            }

            registry.Drop(@operator);
        }
    }

    private void Begin(Operator @operator, int active, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        @operator.Outage.Begin(now, @operator.Channel.Tally.PerSecond(Mark.Good, now), options);
        var reason = string.Create(CultureInfo.InvariantCulture, $"most of {active} sources fail at {@operator.Name} at once: it is held, and no source is blamed");
        ledger.Allow(changes, now, ControlChangeKind.Held, @operator.Channel.Key, @operator.AllowanceAt(now, options), reason);
        changes.Add(new ControlChange { At = now, Kind = ControlChangeKind.Alert, Key = @operator.Channel.Key, Rule = "control/receiver-down", Reason = reason });
        Absolve(@operator, now, "control/receiver-down", changes);
    }

    // What was laid on sources just before is taken back, unless the replies said it of each in words.
    private void Absolve(Operator @operator, DateTimeOffset now, string rule, ICollection<ControlChange> changes)
    {
        foreach (var place in @operator.Places)
        {
            if (place.Health.IsExplicit || (place.Health.State is not SourceState.Healthy && now - place.Health.Since > Window))
            {
                continue;
            }

            var share = place.Health.Share;
            place.Health.Clear(now);
            if (share != place.Health.Share)
            {
                ledger.Weigh(changes, now, place, "not its fault: the receiver failed for most");
            }

            Pardon(place.Channel, place.Allowance, now, rule, changes);
        }
    }

    // Our own trouble takes back what was lost, never what a receiver said: a list of dead domains must not clear a source.
    private void ForgetLosses(Operator @operator, DateTimeOffset now, ICollection<ControlChange> changes)
    {
        foreach (var place in @operator.Places)
        {
            if (place.Health.State is not SourceState.Healthy && place.Health.IsByLoss && now - place.Health.Since <= Window)
            {
                place.Health.Clear(now);
                ledger.Weigh(changes, now, place, "not its fault: the trouble is our own");
            }

            place.Health.ForgetLosses();
        }
    }

    private void Pardon(Channel channel, Allowance allowance, DateTimeOffset now, string rule, ICollection<ControlChange> changes)
    {
        if (channel.Pace.Pardon(now, now - Window, rule))
        {
            ledger.Allow(changes, now, ControlChangeKind.Resumed, channel.Key, allowance with { PausedUntil = DateTimeOffset.MinValue, Rule = rule, Since = now }, "not its fault");
        }
    }

    private void Trouble(DateTimeOffset now, ICollection<ControlChange> changes)
    {
        changes.Add(new ControlChange
        {
            At = now,
            Kind = trouble.IsOn ? ControlChangeKind.Alert : ControlChangeKind.Back,
            Key = new ControlKey(FlowScope.Provider, string.Empty, string.Empty),
            Rule = "control/local-trouble",
            Reason = string.Create(CultureInfo.InvariantCulture, $"{trouble.Lost} receivers unreachable or unresolved, {trouble.Reached} reached: {(trouble.IsOn ? "our network or resolver; nobody is blamed" : "over")}"),
        });
        foreach (var @operator in registry.Watched)
        {
            if (trouble.IsOn && @operator.Outage.IsOn && now - @operator.Outage.Since <= Window)
            {
                @operator.Outage.Clear();
                ledger.Allow(changes, now, ControlChangeKind.Back, @operator.Channel.Key, @operator.Channel.Pace.Allowance, "the trouble is our own");
            }

            ForgetLosses(@operator, now, changes);
        }
    }

    private void Health(Operator @operator, int active, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        // The worst first: when not all may be stopped, they are.
        @operator.Places.Sort(static (left, right) => (right.Health.Blamed + right.Health.Receiver).CompareTo(left.Health.Blamed + left.Health.Receiver));
        foreach (var place in @operator.Places)
        {
            var excess = @operator.Excess(place, active, options);
            if (place.Health.Tick(now, excess, place.Channel.Tally.Samples, MayStop(@operator, place, options), options))
            {
                ledger.Weigh(changes, now, place, Reason(place, excess));
            }
        }
    }

    private static string Reason(Place place, double excess) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Math.Max(0, excess):P0} of the latest replies of {place.Operator.Name} to {place.Source} are failures beyond those of the other sources");

    private bool MayStop(Operator @operator, Place place, ControlOptions options)
    {
        if (place.Health.Blamed + place.Health.Receiver + place.Health.Doubted < options.StopAt)
        {
            return false;
        }

        var siblings = frame.Siblings(place.Source);
        var stopped = 0;
        foreach (var other in @operator.Places)
        {
            stopped += other.Health is { State: SourceState.Stopped or SourceState.Probing, IsExplicit: false } && siblings.Contains(other.Source) ? 1 : 0;
        }

        return stopped + 1 <= (1 - options.KeepAtLeast) * siblings.Count;
    }

    private void Pace(Channel channel, Place place, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        if (!channel.Pace.IsAtRest && channel.Pace.Tick(now, channel.Tally, frame.CeilingOf(channel.Key), options) is { } kind)
        {
            ledger.Allow(changes, now, kind, channel.Key, place.Allowance, ReasonOf(kind));
        }
    }

    private void Pace(Channel channel, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        if (!channel.Pace.IsAtRest && channel.Pace.Tick(now, channel.Tally, frame.CeilingOf(channel.Key), options) is { } kind)
        {
            ledger.Allow(changes, now, kind, channel.Key, channel.Pace.Allowance, ReasonOf(kind));
        }
    }

    private void PaceReceiver(Operator @operator, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
    {
        var channel = @operator.Channel;
        if (!channel.Pace.IsAtRest && channel.Pace.Tick(now, channel.Tally, frame.CeilingOf(channel.Key), options) is { } kind)
        {
            ledger.Allow(changes, now, kind, channel.Key, @operator.AllowanceAt(now, options), ReasonOf(kind));
        }
    }

    private void Pace<TName>(Dictionary<TName, Channel> channels, DateTimeOffset now, ControlOptions options, ICollection<ControlChange> changes)
        where TName : notnull
    {
        foreach (var (name, channel) in channels)
        {
            Pace(channel, now, options, changes);
            if (channel.Pace.IsAtRest && now - channel.Seen >= HourIdle)
            {
                channels.Remove(name);
            }
        }

        if (channels.Count > MostChannels)
        {
            // A tenth at once, so that it is seldom sorted: those at rest, then the oldest.
            foreach (var (name, channel) in channels.OrderByDescending(static one => one.Value.Pace.IsAtRest).ThenBy(static one => one.Value.Seen).Take(channels.Count - (MostChannels * 9 / 10)).ToList())
            {
                channels.Remove(name);
                ledger.Allow(changes, now, ControlChangeKind.Raised, channel.Key, Ledger.Open, "too many are held of this receiver");
            }
        }
    }

    private static string ReasonOf(ControlChangeKind kind) => kind switch
    {
        ControlChangeKind.Slowed => "refused too often",
        ControlChangeKind.Paused => "refused too often: stopped, then one connection",
        ControlChangeKind.Resumed => "the pause is over: it goes on with a part",
        _ => "good replies",
    };

    private void Sweep(DateTimeOffset now)
    {
        triggers.Sweep(now);
        complaints.Sweep(now);
        foreach (var @operator in registry.Operators.Values)
        {
            foreach (var (name, count) in @operator.Spam)
            {
                count.Hour.Roll(now);
                if (count.Hour[Mark.Spam] == 0)
                {
                    @operator.Spam.Remove(name);
                }
            }
        }

        foreach (var (name, channel) in registry.Sources)
        {
            if (channel.Pace.IsAtRest && now - channel.Seen >= HourIdle)
            {
                registry.Sources.Remove(name);
            }
        }

        registry.Sweep(now, trouble.From(now));
    }
}
