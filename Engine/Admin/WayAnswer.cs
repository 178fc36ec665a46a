using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Admin;

/// <summary>What binds mail of a pool on its way to a destination, as an answer. Any thread.</summary>
internal sealed class WayAnswer(EngineHost host)
{
    private readonly SourceStandings _standings = new(host);

    private EngineParts Parts => host.Parts;

    /// <summary>The provider behind a destination's name, in brackets.</summary>
    public static string Provider(Destination destination) => destination.Provider is { } provider ? $" ({provider})" : string.Empty;

    /// <summary>Which pool or relay mail leaves by: as the dispatcher chooses it.</summary>
    public PoolChoice Serving(Pool pool, string operatorId) => Parts.Sources.Serving(pool, operatorId, Parts.Traffic.MaySend);

    /// <param name="what">What was asked about.</param>
    /// <param name="decision">Where it goes.</param>
    /// <param name="pool">The flow's own pool.</param>
    /// <param name="flow">Whose; null for everybody's.</param>
    /// <param name="domain">The recipient domain.</param>
    public JsonObject Of(string what, RouteDecision decision, Pool pool, Flow? flow, DomainName domain)
    {
        if (decision is not { Verdict: RouteVerdict.Send, Destination: { } destination })
        {
            return new JsonObject { ["what"] = what, ["verdict"] = $"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Text}" };
        }

        var serving = Serving(pool, destination.Operator);
        var by = serving.Pool ?? pool;
        var notes = new List<string>();
        if (serving.Pool is null && serving.Relay is { } relay && !decision.IsOwnRoute)
        {
            notes.Add($"no source of {pool.Name} may send there, and what comes now goes by relay {relay}, as onEmpty says");
        }
        else if (by != pool)
        {
            notes.Add($"no source of {pool.Name} may send there: it leaves by {by.Name}, as onEmpty says");
        }

        if (Parts.Traffic.Helm.Orders.PauseOf(destination.Operator) is { } pause)
        {
            notes.Add($"{destination.Operator} is {LimitRows.WordsOf(pause)}");
        }

        var answer = new JsonObject { ["what"] = what, ["destination"] = destination.Name, ["tls"] = destination.Tls.Word is { Length: > 0 } tls ? tls : null, ["provider"] = destination.Provider, ["pool"] = by.Name };
        var plain = flow is null ? null : flow with { Engagement = Engagement.Normal };
        if (Parts.Scheduler.Explain(destination.Id, by.Name, plain) is { } why)
        {
            Tell(answer, why, destination, by, notes, domain);
        }
        else
        {
            TellIdle(answer, destination, by, notes);
        }

        return answer;
    }

    private void Tell(JsonObject answer, Explanation why, Destination destination, Pool pool, List<string> notes, DomainName domain)
    {
        var binding = why.Flows.SelectMany(flow => flow.Limits).Concat(why.Lanes.SelectMany(lane => lane.Limits)).Where(limit => limit.Binds).DistinctBy(limit => limit.Limit).ToArray();
        notes.AddRange(why.Flows.Where(flow => flow.WantedSource is not null).Select(flow => string.Create(
            CultureInfo.InvariantCulture,
            $"{flow.Waiting} wait for source {SourceOf(flow)?.Name}, which a greylisting server has seen, until {flow.WantedUntil:u}")));
        notes.Add(WhyWords.Verdict(why, binding, domain));
        answer["verdict"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{why.Waiting} recipients wait for {destination.Name}{Provider(destination)}, {why.Lanes.Sum(lane => lane.Workers)} connections work; {string.Join("; ", notes)}");
        answer["waiting"] = why.Waiting;
        answer["waitingForSource"] = why.WaitingForSource;
        answer["flowWaiting"] = why.FlowWaiting;
        answer["flows"] = new JsonArray([.. why.Flows.Select(flow => (JsonNode)Row(flow))]);
        answer["binding"] = new JsonArray([.. binding.Select(LimitRows.Row)]);
        answer["lanes"] = new JsonArray([.. why.Lanes.Select(lane => LimitRows.Row(lane, StandingOf(pool, lane.Source, destination.Operator)))]);
    }

    private void TellIdle(JsonObject answer, Destination destination, Pool pool, List<string> notes)
    {
        var helm = Parts.Traffic.Helm;
        var rows = pool.Sources
            .Select(source => (source, Lane: new LaneState(source.Name, 0, 0, helm.WeightOf(pool, source, destination.Operator), helm.IsWarming(source, destination.Operator), null, null, [])))
            .Select(one => LimitRows.Row(one.Lane, _standings.At(one.source, destination.Operator)))
            .ToArray();
        notes.Add(rows.All(row => (int)row["weight"]! == 0) ? "no source of the pool may send there" : rows.Any(row => (int)row["weight"]! > 0 && row["reason"] is null) ? notes.Count > 0 ? "its sources are free" : "nothing binds" : "see the sources");
        answer["verdict"] = $"nothing waits for {destination.Name}{Provider(destination)} and no connection is open; {string.Join("; ", notes)}";
        answer["lanes"] = new JsonArray([.. rows]);
    }

    private SourceStanding StandingOf(Pool pool, string name, string operatorId) =>
        pool.Sources.FirstOrDefault(source => source.Name == name) is { } source ? _standings.At(source, operatorId) : new SourceStanding("unknown", null, null, null, null);

    private Source? SourceOf(FlowState flow) => flow.WantedSource is { } wanted ? Parts.Sources.Find(wanted) : null;

    private JsonObject Row(FlowState flow) => new()
    {
        ["account"] = flow.Flow.Account,
        ["stream"] = flow.Flow.Stream,
        ["campaign"] = flow.Flow.Campaign,
        ["senderDomain"] = flow.Flow.SenderDomain.Name,
        ["waiting"] = flow.Waiting,
        ["blocked"] = flow.IsBlocked,
        ["wantedSource"] = SourceOf(flow)?.Name,
        ["wantedUntil"] = flow.WantedUntil,
        ["limits"] = string.Join(", ", flow.Limits.Where(limit => limit.Binds).Select(limit => $"{limit.Limit.Name} {limit.Limit.Key}")),
    };
}
