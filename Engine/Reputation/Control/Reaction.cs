using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation.Control.Health;
using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Control;

/// <summary>What a bad reply does: who is to blame, what its rule asks, what control does where the rule asks nothing. One thread.</summary>
internal sealed class Reaction(Registry registry, Ledger ledger, Triggers triggers, Complaints complaints, LocalTrouble trouble)
{
    /// <summary>A reply that is not a delivery.</summary>
    public void Take(in Observation observation, Place place, ControlOptions options, ICollection<ControlChange> changes)
    {
        var @operator = place.Operator;
        @operator.BadAt = observation.At;
        registry.Watched.Add(@operator);
        place.Channel.Seen = observation.At;
        if (IsSessionBound(observation, place, changes) || IsLocal(observation, @operator))
        {
            return;
        }

        var blame = Attribution.Of(observation);
        if (blame is Blame.Nobody)
        {
            @operator.Outage.Good();
        }

        var reply = new Judged(blame, IsThrottle(observation), Attribution.IsExplicitBlock(observation.Category.Id ?? string.Empty));
        Count(observation, place, reply, options, changes);
        var forbidden = blame is Blame.Source && reply is { Throttles: false, IsExplicit: false } && @operator.Outage.IsOn;
        if (!forbidden && !CarryOut(observation, place, reply, options, changes))
        {
            Default(observation, place, reply, options, changes);
        }
    }

    private static bool IsThrottle(in Observation observation) =>
        observation.CategoryClass is CategoryClass.Throttle || observation.Category.Id is "rate_ip" or "rate_domain" or "conn_limit";

    // A connection that breaks after some messages has met a bound of the receiver, as Yahoo's do, or an idle time: no penalty.
    private bool IsSessionBound(in Observation observation, Place place, ICollection<ControlChange> changes)
    {
        var pace = place.Channel.Pace;
        var learned = false;
        if (observation is { Kind: ObservationKind.Unreachable, MessagesOnConnection: >= 2 })
        {
            learned = pace.Messages.Break(observation.At, observation.MessagesOnConnection) && pace.Set(observation.At, "control/closed-early");
            Tell(learned, observation, place, changes);
            return true;
        }

        if (observation is { Category.Id: "rcpt_limit", RecipientsInTransaction: > 1 })
        {
            learned = pace.Recipients.Learn(observation.At, observation.RecipientsInTransaction, TimeSpan.Zero) && pace.Set(observation.At, RuleOf(observation));
        }
        else if (observation is { Category.Id: "session_limit", Actions: null or [], MessagesOnConnection: > 1 })
        {
            learned = pace.Messages.Learn(observation.At, observation.MessagesOnConnection - 1, TimeSpan.Zero) && pace.Set(observation.At, RuleOf(observation));
        }

        Tell(learned, observation, place, changes);
        return false;
    }

    private void Tell(bool learned, in Observation observation, Place place, ICollection<ControlChange> changes)
    {
        if (learned)
        {
            ledger.Allow(changes, observation.At, ControlChangeKind.Learned, place.Channel.Key, place.Allowance, "the receiver ends connections or transactions there");
        }
    }

    private bool IsLocal(in Observation observation, Operator @operator)
    {
        var lost = observation.Kind is ObservationKind.Unreachable || observation is { Category.Id: "bad_domain", Command: SmtpCommand.None };
        if (lost)
        {
            if (trouble.Knows(observation.At, @operator.AnsweredAt))
            {
                trouble.Missed(observation.At, ref @operator.MissedIn);
            }

            return trouble.IsOn;
        }

        @operator.AnsweredAt = observation.At;
        trouble.Answered(observation.At, ref @operator.AnsweredIn);
        return false;
    }

    private void Count(in Observation observation, Place place, Judged reply, ControlOptions options, ICollection<ControlChange> changes)
    {
        var @operator = place.Operator;
        switch (reply)
        {
            case { Blame: Blame.Recipient or Blame.Content or Blame.Campaign or Blame.SenderDomain }:
                place.Channel.Good(observation.At);
                if (observation.Kind is not ObservationKind.Delivered && Attribution.IsDoubtful(observation.Category.Id ?? string.Empty))
                {
                    place.Health.Doubt();
                }
                else
                {
                    place.Health.Good();
                }

                @operator.Channel.Good(observation.At);
                @operator.Outage.Good();
                if (reply.Blame is Blame.Campaign)
                {
                    CountSpam(observation, @operator, options, changes);
                }

                break;

            case { Blame: Blame.Source, Throttles: true }:
                place.Channel.Tally.Add(observation.At, Mark.Throttled);
                break;

            case { Blame: Blame.Source or Blame.Receiver, IsExplicit: false }:
                place.Channel.Tally.Add(observation.At, reply.Blame is Blame.Source ? Mark.Blamed : Mark.Receiver);
                @operator.Outage.Bad();
                if (!@operator.Outage.IsOn)
                {
                    place.Health.Bad(reply.Blame is Blame.Source, observation.Kind is ObservationKind.Unreachable);
                }

                break;
        }
    }

    // True when the rule had an action that answers the blame.
    private bool CarryOut(in Observation observation, Place place, Judged reply, ControlOptions options, ICollection<ControlChange> changes)
    {
        var answered = false;
        for (var index = 0; index < (observation.Actions?.Count ?? 0); index++)
        {
            var action = observation.Actions![index];
            var asks = action.Operation is FlowOperation.RequireTls or FlowOperation.ForceIpv4 or FlowOperation.RecheckBlocklists;

            // What one receiver says of a whole source holds for that receiver.
            var channel = action.Scope is FlowScope.Source && !asks ? place.Channel : registry.ChannelOf(action.Scope, observation, place);
            if (asks)
            {
                Request(observation, channel, action, changes);
                continue;
            }

            answered = true;
            if (triggers.Match(observation.At, RuleOf(observation), channel.Key, action.MatchesPerHour))
            {
                CarryOut(observation, place, channel, action, reply, options, changes);
                if (action.Scope is FlowScope.Source && complaints.Add(observation.At, place, action.Operation))
                {
                    CarryOut(observation, place, registry.ChannelOf(FlowScope.Source, observation, place), action, reply, options, changes);
                }
            }
        }

        return answered;
    }

    private void CarryOut(in Observation observation, Place place, Channel channel, FlowAction action, Judged reply, ControlOptions options, ICollection<ControlChange> changes)
    {
        var (now, rule, pace) = (observation.At, RuleOf(observation), channel.Pace);
        var before = channel.Tally.PerSecond(Mark.Good, now);
        channel.Seen = now;
        switch (action.Operation)
        {
            case FlowOperation.Pause:
                Pause(observation, place, channel, action.For, reply, options, changes);
                break;

            case FlowOperation.SingleConnectionRecovery:
                pace.Recover(now, rule, options);
                ledger.Publish(channel.Key, Shown(channel, place));
                break;

            case FlowOperation.ScaleRate or FlowOperation.ScaleConnections:
                var keep = action.Value is > 0 and <= 1 ? action.Value : options.KeepRate;
                Throttle(observation, place, channel, new Cut(rule, action.Operation is FlowOperation.ScaleConnections, keep, action.For, Pauses: false), options);
                break;

            default:
                if (pace.Apply(now, action, rule, before, observation.MessagesOnConnection, options))
                {
                    var learned = action.Operation is FlowOperation.LearnMessagesPerConnection or FlowOperation.SetMessagesPerConnection;
                    ledger.Allow(changes, now, learned ? ControlChangeKind.Learned : ControlChangeKind.Slowed, channel.Key, Shown(channel, place), "the reply's rule sets it");
                }

                break;
        }
    }

    private void Default(in Observation observation, Place place, Judged reply, ControlOptions options, ICollection<ControlChange> changes)
    {
        if (reply.Throttles && reply.Blame is Blame.Source or Blame.SenderDomain)
        {
            var scope = reply.Blame is Blame.Source ? FlowScope.SourceAtProvider : FlowScope.SenderDomainAtProvider;
            var connections = observation.Category.Id is "conn_limit";
            var cut = new Cut(RuleOf(observation), connections, connections ? options.KeepConnections : options.KeepRate, TimeSpan.Zero, Pauses: !connections);
            Throttle(observation, place, registry.ChannelOf(scope, observation, place), cut, options);
        }
        else if (observation.Category.Id is "ip_block" or "blocklist_ip" or "reputation_ip")
        {
            Pause(observation, place, place.Channel, options.BlockPause, reply, options, changes);
        }
    }

    private static void Throttle(in Observation observation, Place place, Channel channel, Cut cut, ControlOptions options)
    {
        if (channel != place.Channel || !IsThrottle(observation))
        {
            channel.Tally.Add(observation.At, Mark.Throttled);
        }

        channel.Pace.Throttled(observation.At, cut, options);
    }

    private void Pause(in Observation observation, Place place, Channel channel, TimeSpan length, Judged reply, ControlOptions options, ICollection<ControlChange> changes)
    {
        var (now, rule) = (observation.At, RuleOf(observation));
        var before = channel.Tally.PerSecond(Mark.Good, now);
        if (reply.Throttles)
        {
            channel.Pace.Remember(now, before, length, options);
        }
        else
        {
            channel.Pace.RememberBefore(before);
        }

        var pardonable = reply is { Blame: Blame.Source, Throttles: false, IsExplicit: false };
        if (!channel.Pace.Paused(now, rule, length, reply.Throttles ? options.RatePauseLimit : options.BlockPauseLimit, pardonable))
        {
            return;
        }

        ledger.Allow(changes, now, ControlChangeKind.Paused, channel.Key, Shown(channel, place), $"{observation.Category} at {observation.Operator}");
        if (channel == place.Channel && reply is { Blame: Blame.Source, Throttles: false }
            && place.Health.StopUntil(now, channel.Pace.Pause.Until, rule, reply.IsExplicit))
        {
            ledger.Weigh(changes, now, place, $"{observation.Category} at {observation.Operator}: the reply blames the source");
        }
    }

    private void Request(in Observation observation, Channel channel, FlowAction action, ICollection<ControlChange> changes)
    {
        if (triggers.IsNews(observation.At, channel.Key, action))
        {
            changes.Add(new ControlChange
            {
                At = observation.At,
                Kind = ControlChangeKind.Requested,
                Key = channel.Key,
                Rule = RuleOf(observation),
                Until = action.For > TimeSpan.Zero ? observation.At + action.For : null,
                Reason = $"{observation.Category} at {observation.Operator}",
                Request = action,
            });
        }
    }

    private void CountSpam(in Observation observation, Operator @operator, ControlOptions options, ICollection<ControlChange> changes)
    {
        var (now, name) = (observation.At, (observation.Account, observation.Campaign));
        if (!@operator.Spam.TryGetValue(name, out var count))
        {
            if (@operator.Spam.Count >= Rounds.MostChannels)
            {
                return;
            }

            @operator.Spam.Add(name, count = new CampaignCount());
        }

        count.Hour.Add(now, Mark.Spam);
        @operator.Hour.Add(now, Mark.Spam);
        var toBlame = count.IsToBlame(@operator.Hour, options);
        if (toBlame is true)
        {
            var campaign = registry.ChannelOf(FlowScope.CampaignAtProvider, observation, @operator.Places[0]);
            if (campaign.Pace.Paused(now, "control/spam-share", options.SpamPause, TimeSpan.FromDays(1), pardonable: false))
            {
                ledger.Allow(changes, now, ControlChangeKind.Paused, campaign.Key, campaign.Pace.Allowance, $"{@operator.Name} calls it spam, and not the other campaigns");
            }
        }
        else if (toBlame is false && now - @operator.SpamAlertAt >= TimeSpan.FromHours(1))
        {
            @operator.SpamAlertAt = now;
            changes.Add(new ControlChange
            {
                At = now,
                Kind = ControlChangeKind.Alert,
                Key = @operator.Channel.Key,
                Rule = "control/spam-share",
                Reason = $"{@operator.Name} calls most of what we send spam: not one campaign, so nothing was paused",
            });
        }
    }

    private static Allowance Shown(Channel channel, Place place) => channel == place.Channel ? place.Allowance : channel.Pace.Allowance;

    private static string RuleOf(in Observation observation) => observation.Rule ?? "control/unnamed-rule";

    private readonly record struct Judged(Blame Blame, bool Throttles, bool IsExplicit);
}
