using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Reputation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/sources…</c> and <c>/v1/pools</c>: how addresses stand, and operators' orders about them.</summary>
internal sealed class SourceApi
{
    private readonly EngineHost _host;
    private readonly SourceStandings _standings;

    private SourceApi(EngineHost host) => (_host, _standings) = (host, new SourceStandings(host));

    private EngineParts Parts => _host.Parts;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new SourceApi(host);
        var orders = new OperatorOrder(host);
        routes.MapGet("/v1/sources", api.List);
        routes.MapGet("/v1/sources/show", (string name) => api.Show(Find(host, name)));
        routes.MapPost("/v1/sources/drain", (SourceChange change) => orders.Give(change, SourceOverride.Drain(Find(host, change.Name).Name), "true", "source drain"));
        routes.MapPost("/v1/sources/disable", (SourceChange change) => orders.Give(change, SourceOverride.Disable(Find(host, change.Name).Name), "true", "source disable"));
        routes.MapPost("/v1/sources/enable", (SourceChange change) => Find(host, change.Name).Name is var name ? orders.TakeBack(change, "source enable", SourceOverride.Drain(name), SourceOverride.Disable(name)) : null);
        routes.MapGet("/v1/pools", () => new JsonArray([.. host.Parts.Sources.Pools.Select(pool => (JsonNode)api.Row(pool))]));
    }

    /// <summary>The source of a request.</summary>
    public static Source Find(EngineHost host, string? name) =>
        host.Parts.Sources.Sources.FirstOrDefault(source => source.Name == name) ?? throw new BadRequestException($"there is no source '{name}': 'engine source ls' lists them");

    /// <summary>One source at one provider, for <c>source show</c> and <c>provider show</c>.</summary>
    public static JsonObject Row(EngineHost host, SourceStandings standings, OpenLanes open, Source source, string operatorId)
    {
        var traffic = host.Parts.Traffic;
        var report = traffic.Control.Describe(new ControlKey(FlowScope.SourceAtProvider, operatorId, source.Name), Now);
        var standing = standings.At(source, operatorId);
        var warmup = traffic.SourceWarmup.Of(source.Name, operatorId, Now);
        return new JsonObject
        {
            ["source"] = source.Name,
            ["provider"] = operatorId,
            ["state"] = standing.State,
            ["weight"] = Math.Round(traffic.Helm.ShareOf(source, operatorId), 2),
            ["connections"] = open.At(source.Id, operatorId),
            ["maxConnections"] = report?.Allowance.Connections,
            ["rate"] = report?.Allowance.RatePerSecond is { } rate ? Math.Round(rate, 3) : null,
            ["warmup"] = warmup.IsWarm ? null : string.Create(CultureInfo.InvariantCulture, $"{warmup.UsedToday}/{warmup.DayAllowance}"),
            ["rule"] = standing.Rule,
            ["reason"] = standing.Reason,
            ["since"] = standing.Since,
            ["until"] = standing.Until,
        };
    }

    private JsonArray List()
    {
        var open = new OpenLanes(Parts.Scheduler);
        return new JsonArray([.. Parts.Sources.Sources.Select(source => (JsonNode)Row(source, open))]);
    }

    private JsonObject Row(Source source, OpenLanes open)
    {
        var state = _standings.Of(source);
        return new JsonObject
        {
            ["source"] = source.Name,
            ["address"] = state.Address,
            ["pools"] = string.Join(' ', state.Pools),
            ["state"] = Spelling.Of(state.Condition),
            ["takesMail"] = state.TakesMail,
            ["connections"] = open.Of(source.Id),
            ["stopped"] = state.Quarantines.Count,
            ["warming"] = state.Warmup.Count(standing => !standing.IsWarm),
            ["listed"] = string.Join(' ', _standings.Listings(source).Select(listing => listing.List)),
            ["rule"] = state.Who,
            ["reason"] = state.Why,
            ["since"] = state.Since,
            ["until"] = state.Until,
            ["advice"] = state.Advice,
        };
    }

    private JsonObject Show(Source source)
    {
        var open = new OpenLanes(Parts.Scheduler);
        var answer = Row(source, open);
        answer["ehlo"] = source.Ehlo;
        answer["bind"] = source.Bind?.ToString();
        var operators = Parts.Traffic.Control.DescribeAll(Now)
            .Where(report => report.Key.Scope is FlowScope.SourceAtProvider && report.Key.Subject == source.Name)
            .Select(report => report.Key.Operator)
            .Concat(Parts.Traffic.SourceWarmup.Standings(Now, source.Name).Select(standing => standing.Operator))
            .Concat(_standings.Of(source).Quarantines.Select(quarantine => quarantine.Operator).OfType<string>())
            .Concat(open.Operators)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        answer["providers"] = new JsonArray([.. operators.Select(one => (JsonNode)Row(_host, _standings, open, source, one))]);
        answer["listings"] = new JsonArray([.. _standings.Listings(source).Select(listing => JsonSerializer.SerializeToNode(listing, JsonSerializerOptions.Web))]);
        return answer;
    }

    private JsonObject Row(Pool pool)
    {
        var options = _host.Snapshot.Options.Pools.GetValueOrDefault(pool.Name);
        return new JsonObject
        {
            ["pool"] = pool.Name,
            ["class"] = pool.Class is { } streamClass ? Spelling.Of(streamClass) : "both",
            ["sources"] = new JsonObject(pool.Sources.Select(source => KeyValuePair.Create(source.Name, (JsonNode?)pool.WeightOf(source)))),
            ["usable"] = pool.Sources.Count(source => Parts.Traffic.Helm.ShareOf(source, string.Empty) > 0),
            ["exclusiveTo"] = options is null ? null : string.Join(' ', options.ExclusiveTo),
            ["onEmpty"] = pool.OnEmpty.ToString(),
            ["ready"] = Ready(pool),
        };
    }

    private int Ready(Pool pool)
    {
        var ready = 0;
        foreach (var destination in Parts.Scheduler.Destinations)
        {
            lock (destination.Gate)
            {
                ready += destination.Ready.Where(queue => queue.Pool.Name == pool.Name).Sum(queue => queue.Count);
            }
        }

        return ready;
    }
}
