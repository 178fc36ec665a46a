using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/route /v1/top</c>: which way mail takes now, and what goes where.</summary>
internal sealed class ExplainApi
{
    private const int MostRows = 100;

    private readonly EngineHost _host;
    private readonly SourceStandings _standings;
    private readonly WayAnswer _ways;

    private ExplainApi(EngineHost host) => (_host, _standings, _ways) = (host, new SourceStandings(host), new WayAnswer(host));

    private EngineParts Parts => _host.Parts;

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new ExplainApi(host);
        routes.MapGet("/v1/route", (string from, string to, string? account, string? stream, CancellationToken stop) => api.RouteAsync(from, to, account, stream, stop));
        routes.MapGet("/v1/top", api.Top);
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
        steps.Add(Step("route", decision.Destination is { } to2 ? $"{decision.Verdict.ToString().ToLowerInvariant()} to {to2.Name}{WayAnswer.Provider(to2)}{(decision.IsOwnRoute ? " by its route" : string.Empty)}" : $"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Text}"));
        if (decision.Destination is { } destination)
        {
            steps.Add(Step("exchangers", string.Join(", ", destination.Hosts.Select(host => $"{host.Preference} {host.Host}"))));
            steps.Add(Step("tls", TlsWords.Of(_host.Snapshot.Options.Delivery.Tls, destination, Parts.Sts.Desk.Look(recipient.Domain), TimeProvider.System.GetUtcNow())));
            Pool(steps, flow, decision, destination, recipient.Domain);
        }

        return new JsonObject { ["steps"] = steps };
    }

    private void Pool(JsonArray steps, Flow flow, RouteDecision decision, Destination destination, DomainName domain)
    {
        if (Parts.Sources.PoolFor(flow.Pool, flow.Class, flow.Account) is not { } pool)
        {
            steps.Add(Step("pool", "none that this account and class may use: it waits"));
            return;
        }

        var serving = _ways.Serving(pool, destination.Operator);
        steps.Add(Step("pool", serving.Pool is { } served ? served == pool ? pool.Name : $"{pool.Name} has no source that may send: {served.Name} by onEmpty" : $"{pool.Name} has no source that may send: {(serving.Relay is { } relay ? $"by relay {relay}, as onEmpty says" : "it waits")}"));
        // Of everybody: the message has no campaign yet, and what binds others there may bind it too.
        var why = _ways.Of(string.Empty, decision, pool, null, domain);
        steps.Add(Step("verdict", why["verdict"]!.ToString()));
        foreach (var lane in why["lanes"]?.AsArray() ?? [])
        {
            steps.Add(Step("source", $"{lane!["source"]}: weight {lane["weight"]}, {lane["connections"]} connections, {lane["state"]}{Word(": ", lane["reason"])}{Word(", since ", lane["since"])}{Word(", until ", lane["until"])}"));
        }

        foreach (var bound in why["binding"]?.AsArray() ?? [])
        {
            steps.Add(Step("limit", $"{bound!["name"]} {bound["key"]}: {bound["reason"]}{Word(", rule ", bound["rule"])}{Word(", since ", bound["since"])}{Word(", until ", bound["until"])}"));
        }
    }

    private static string Word(string before, JsonNode? value) => value is null || value.ToString().Length == 0 ? string.Empty : before + value;

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
                    rows.AddRange(why.Lanes.Where(lane => lane.Workers > 0 || why.Waiting > 0).Select(lane => (why.Waiting + lane.Workers, TopRow(why, lane, Parts.Router.Destinations.Find(destination.Id)?.Tls.Word))));
                }
            }
        }

        return new JsonArray([.. rows.OrderByDescending(row => row.Rank).Take(MostRows).Select(row => (JsonNode)row.Row)]);
    }

    private JsonObject TopRow(Explanation why, LaneState lane, string? tls)
    {
        var report = Parts.Traffic.Control.Describe(new ControlKey(Configuration.Providers.FlowScope.SourceAtProvider, why.Operator, lane.Source), TimeProvider.System.GetUtcNow());
        var source = Parts.Sources.Sources.FirstOrDefault(one => one.Name == lane.Source);
        var standing = source is null ? null : _standings.At(source, why.Operator);
        var (good, bad) = (report?.Good ?? 0, (report?.Throttled ?? 0) + (report?.Blamed ?? 0) + (report?.Receiver ?? 0));
        return new JsonObject
        {
            ["provider"] = why.Operator,
            ["source"] = lane.Source,
            ["tls"] = tls,
            ["ready"] = why.Waiting,
            ["connections"] = lane.Workers,
            ["maxConnections"] = lane.Limits.Select(limit => limit.Limit.Connections).Where(counter => counter is { Maximum: < int.MaxValue }).Min(counter => (int?)counter!.Maximum),
            ["perMinute"] = good,
            ["deferredShare"] = good + bad == 0 ? null : Math.Round((double)bad / (good + bad), 3),
            ["state"] = lane.PausedUntil is null ? standing?.State : "unreachable",
            ["rule"] = standing?.Rule,
            ["since"] = standing?.Since,
            ["until"] = lane.PausedUntil ?? standing?.Until,
        };
    }
}
