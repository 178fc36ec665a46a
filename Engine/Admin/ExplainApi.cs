using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;
using Engine.Routing;
using Engine.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/why /v1/route /v1/top</c>: what binds now, since when, by which rule, until when.</summary>
internal sealed class ExplainApi
{
    private const int MostRecipients = 20;
    private const int MostRows = 100;

    private readonly EngineHost _host;

    private ExplainApi(EngineHost host) => _host = host;

    private EngineParts Parts => _host.Parts;

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new ExplainApi(host);
        routes.MapGet("/v1/why", (string subject, CancellationToken stop) => api.WhyAsync(subject, stop));
        routes.MapGet("/v1/route", (string from, string to, string? account, string? stream, CancellationToken stop) => api.RouteAsync(from, to, account, stream, stop));
        routes.MapGet("/v1/top", api.Top);
    }

    private async Task<JsonObject> WhyAsync(string subject, CancellationToken stop)
    {
        var answers = new JsonArray();
        if (MessageId.TryParse(subject, out var id))
        {
            await foreach (var view in _host.Queue.Operators.FindAsync(RecipientSelector.All with { Ids = [id], Limit = MostRecipients }, stop).ConfigureAwait(false))
            {
                answers.Add(await WhyAsync(view, stop).ConfigureAwait(false));
            }

            return answers.Count > 0 ? new JsonObject { ["answers"] = answers } : throw new BadRequestException($"{id} is not queued; 'engine trace {id}' tells what became of it");
        }

        if (!DomainName.TryParse(subject, out var domain))
        {
            throw new BadRequestException($"'{subject}' is neither a message id nor a domain");
        }

        var decision = await Parts.Router.RouteAsync(domain, stop).ConfigureAwait(false);
        foreach (var pool in Parts.Sources.Pools)
        {
            answers.Add(Why($"{domain} by pool {pool.Name}", decision, pool, null));
        }

        return new JsonObject { ["answers"] = answers };
    }

    private async Task<JsonObject> WhyAsync(QueuedView view, CancellationToken stop)
    {
        var recipient = view.Recipient;
        var what = $"{recipient.Id} to {view.Address}";
        switch (recipient.State)
        {
            case RecipientState.InFlight:
                return new JsonObject { ["what"] = what, ["verdict"] = "is being sent now" };
            case RecipientState.Held:
                return new JsonObject { ["what"] = what, ["verdict"] = "is held by an operator: 'engine queue release'" };
            case RecipientState.Waiting when recipient.Attempts > 0 && recipient.Due > TimeProvider.System.GetUtcNow():
                return new JsonObject { ["what"] = what, ["verdict"] = Deferred(view) };
            case RecipientState.Waiting when recipient.Due > TimeProvider.System.GetUtcNow() && !Paused(view.Flow):
                return new JsonObject { ["what"] = what, ["verdict"] = $"waits until {recipient.Due:u}" };
            default:
                break;
        }

        var pool = Parts.Sources.PoolFor(view.Flow.Pool, view.Flow.Class, view.Flow.Account);
        if (pool is null)
        {
            return new JsonObject { ["what"] = what, ["verdict"] = "waits for a pool that its account and class may use" };
        }

        if (Paused(view.Flow))
        {
            return new JsonObject { ["what"] = what, ["verdict"] = "is paused by an operator, or its account is not active: 'engine override ls', 'engine account show'" };
        }

        return Why(what, await Parts.Router.RouteAsync(view.Domain, stop).ConfigureAwait(false), pool, view.Flow);
    }

    private bool Paused(Flow flow) =>
        Parts.Sources.PoolFor(flow.Pool, flow.Class, flow.Account) is { } pool && PauseTable.Of(_host.Snapshot, _host.Overrides.List()).Holds(flow, pool.Name);

    private static string Deferred(QueuedView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"was deferred {view.Recipient.Attempts} times, last as {view.Recipient.Category} ({view.Last?.Deferral.Code} {view.Last?.Deferral.Text}); next attempt {view.Recipient.Due:u}");

    private JsonObject Why(string what, RouteDecision decision, Pool pool, Flow? flow)
    {
        if (decision is not { Verdict: RouteVerdict.Send, Destination: { } destination })
        {
            return new JsonObject { ["what"] = what, ["verdict"] = $"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Text}" };
        }

        var plain = flow is null ? null : flow with { Engagement = Engagement.Normal };
        var answer = new JsonObject { ["what"] = what, ["destination"] = destination.Name, ["provider"] = destination.Provider };
        if (Parts.Scheduler.Explain(destination.Id, pool.Name, plain) is not { } why)
        {
            answer["verdict"] = $"nothing waits for {destination.Name} and no connection is open: nothing binds";
            answer["lanes"] = Idle(pool, destination.Operator);
            return answer;
        }

        var binding = why.FlowLimits.Concat(why.Lanes.SelectMany(lane => lane.Limits)).Where(limit => limit.Binds).DistinctBy(limit => limit.Limit).ToArray();
        answer["verdict"] = string.Create(CultureInfo.InvariantCulture, $"{why.Waiting} recipients wait for {destination.Name}{Provider(destination)}, {why.Lanes.Sum(lane => lane.Workers)} connections work; {Verdict(why, binding)}");
        answer["waiting"] = why.Waiting;
        answer["waitingForSource"] = why.WaitingForSource;
        answer["flowWaiting"] = why.FlowWaiting;
        answer["binding"] = new JsonArray([.. binding.Select(LimitRows.Row)]);
        answer["lanes"] = new JsonArray([.. why.Lanes.Select(lane => Lane(lane, destination.Operator))]);
        return answer;
    }

    private static string Provider(Destination destination) => destination.Provider is { } provider ? $" ({provider})" : string.Empty;

    private static string Verdict(Explanation why, BindingLimit[] binding) => why switch
    {
        _ when why.Lanes.All(lane => lane.Weight == 0) => "no source of the pool may send there",
        _ when why.Lanes.Where(lane => lane.Weight > 0).All(lane => lane.PausedUntil is not null) => "no source reaches an exchanger",
        _ when why.Total.Open >= why.Total.Maximum => "all connections of the engine are in use (delivery.connections.max)",
        _ when binding.Length > 0 => $"{binding.Length} limits bind",
        _ => "nothing binds but the receiver's own speed",
    };

    private JsonObject Lane(LaneState lane, string operatorId)
    {
        var report = Parts.Traffic.Control.Describe(new ControlKey(Configuration.Providers.FlowScope.SourceAtProvider, operatorId, lane.Source), TimeProvider.System.GetUtcNow());
        return LimitRows.Row(lane, StateOf(lane.Source, operatorId, out var reason), reason ?? report?.Binding, report?.Until);
    }

    private JsonArray Idle(Pool pool, string operatorId) => new([.. pool.Sources.Select(source => (JsonNode)new JsonObject
    {
        ["source"] = source.Name,
        ["connections"] = 0,
        ["weight"] = Parts.Traffic.Helm.WeightOf(pool, source, operatorId),
        ["state"] = StateOf(source.Name, operatorId, out var reason),
        ["reason"] = reason,
    })]);

    // The strongest that keeps a source from its full share there.
    private string StateOf(string name, string operatorId, out string? reason)
    {
        var source = Parts.Sources.Sources.FirstOrDefault(one => one.Name == name);
        (var state, reason) = source switch
        {
            null => ("unknown", null),
            _ when Parts.Traffic.Helm.Orders.OffBy(name) is { } order => ("off", $"{order.Key} by {order.Who}: {order.Reason}"),
            _ when !Parts.Traffic.Monitor.IsUsable(source.Id) => ("address missing", $"{source.Bind} is not on this host, or its interface is down"),
            _ when Parts.Traffic.Lists.QuarantineOf(name, operatorId) is { Why: { } listing } => ("listed", $"{listing.Zone}: {listing.Meaning}; {listing.Delisting}"),
            _ => (Parts.Traffic.Control.ShareOf(name, operatorId).State.ToString().ToLowerInvariant(), (string?)null),
        };
        return state;
    }

    private async Task<JsonObject> RouteAsync(string from, string to, string? account, string? stream, CancellationToken stop)
    {
        if (!Mailbox.TryParse(System.Text.Encoding.UTF8.GetBytes(to), allowUtf8: true, out var recipient) || !Mailbox.TryParse(System.Text.Encoding.UTF8.GetBytes(from), allowUtf8: true, out var sender))
        {
            throw new BadRequestException("from and to must be addresses");
        }

        var name = string.IsNullOrEmpty(account) ? AccountOptions.LocalName : account;
        var options = _host.Snapshot.AccountOf(name) ?? throw new BadRequestException($"there is no account '{name}'");
        var named = string.IsNullOrEmpty(stream) ? options.DefaultStream ?? string.Empty : stream;
        var ofStream = named.Length == 0 ? null : options.Streams.GetValueOrDefault(named) ?? throw new BadRequestException($"the account '{name}' has no stream '{named}'");
        var flow = new Flow(ofStream?.Class ?? StreamClass.Transactional, name, named, string.Empty, sender.Domain, ofStream?.Pool ?? string.Empty);
        var steps = new JsonArray { Step("account", $"{name}{(named.Length > 0 ? $", stream {named}" : string.Empty)}: {flow.Class.ToString().ToLowerInvariant()}") };
        var decision = await Parts.Router.RouteAsync(recipient.Domain, stop).ConfigureAwait(false);
        steps.Add(Step("route", decision.Destination is { } to2 ? $"{decision.Verdict.ToString().ToLowerInvariant()} to {to2.Name}{Provider(to2)}{(decision.IsOwnRoute ? " by its route" : string.Empty)}" : $"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Text}"));
        if (decision.Destination is { } destination)
        {
            steps.Add(Step("exchangers", string.Join(", ", destination.Hosts.Select(host => $"{host.Preference} {host.Host}"))));
            Pool(steps, flow, decision, destination);
        }

        return new JsonObject { ["steps"] = steps };
    }

    private void Pool(JsonArray steps, Flow flow, RouteDecision decision, Destination destination)
    {
        if (Parts.Sources.PoolFor(flow.Pool, flow.Class, flow.Account) is not { } pool)
        {
            steps.Add(Step("pool", "none that this account and class may use: it waits"));
            return;
        }

        var serving = Parts.Sources.Serving(pool, source => Parts.Traffic.Helm.ShareOf(source, destination.Operator) > 0);
        steps.Add(Step("pool", serving.Pool is { } served ? served == pool ? pool.Name : $"{pool.Name} has no source that may send: {served.Name} by onEmpty" : $"{pool.Name} has no source that may send: {serving.Relay ?? "waits"}"));
        var why = Why(string.Empty, decision, serving.Pool ?? pool, null);
        foreach (var lane in why["lanes"]!.AsArray())
        {
            steps.Add(Step("source", $"{lane!["source"]}: weight {lane["weight"]}, {lane["connections"]} connections, {lane["state"]} {lane["reason"]}"));
        }

        foreach (var bound in why["binding"]?.AsArray() ?? [])
        {
            steps.Add(Step("limit", $"{bound!["name"]} {bound["key"]}: {bound["reason"]}, rule {bound["rule"]}, until {bound["until"]}"));
        }
    }

    private static JsonObject Step(string step, string text) => new() { ["step"] = step, ["text"] = text };

    private JsonArray Top()
    {
        var rows = new List<(int Rank, JsonObject Row)>();
        foreach (var destination in Parts.Scheduler.Destinations.ToArray())
        {
            foreach (var pool in Parts.Sources.Pools)
            {
                if (Parts.Scheduler.Explain(destination.Id, pool.Name, null) is { Lanes.Count: > 0 } why)
                {
                    rows.AddRange(why.Lanes.Where(lane => lane.Workers > 0 || why.Waiting > 0).Select(lane => (why.Waiting + lane.Workers, TopRow(why, lane))));
                }
            }
        }

        return new JsonArray([.. rows.OrderByDescending(row => row.Rank).Take(MostRows).Select(row => (JsonNode)row.Row)]);
    }

    private JsonObject TopRow(Explanation why, LaneState lane)
    {
        var report = Parts.Traffic.Control.Describe(new ControlKey(Configuration.Providers.FlowScope.SourceAtProvider, why.Operator, lane.Source), TimeProvider.System.GetUtcNow());
        var (good, bad) = (report?.Good ?? 0, (report?.Throttled ?? 0) + (report?.Blamed ?? 0) + (report?.Receiver ?? 0));
        return new JsonObject
        {
            ["provider"] = why.Operator,
            ["source"] = lane.Source,
            ["ready"] = why.Waiting,
            ["connections"] = lane.Workers,
            ["maxConnections"] = lane.Limits.Select(limit => limit.Limit.Connections).Where(counter => counter is { Maximum: < int.MaxValue }).Min(counter => (int?)counter!.Maximum),
            ["perMinute"] = good,
            ["deferredShare"] = good + bad == 0 ? null : Math.Round((double)bad / (good + bad), 3),
            ["state"] = StateOf(lane.Source, why.Operator, out _),
            ["rule"] = report?.Allowance.Rule,
            ["until"] = lane.PausedUntil ?? report?.Until,
        };
    }
}
