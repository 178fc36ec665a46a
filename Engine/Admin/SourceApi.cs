using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Sources;
using Engine.Reputation.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/sources…</c>, <c>/v1/pools</c>, <c>/v1/providers…</c>, <c>/v1/warmup…</c>: how addresses and providers stand, and operators' orders about them.</summary>
internal sealed class SourceApi
{
    private const string None = "none";

    private readonly EngineHost _host;

    private SourceApi(EngineHost host) => _host = host;

    private EngineParts Parts => _host.Parts;

    private Helm Helm => Parts.Traffic.Helm;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new SourceApi(host);
        routes.MapGet("/v1/sources", () => new JsonArray([.. host.Parts.Sources.Sources.Select(source => (JsonNode)api.Row(source))]));
        routes.MapGet("/v1/sources/show", (string name) => api.Show(api.Find(name)));
        routes.MapPost("/v1/sources/drain", (SourceChange change) => api.Order(change, SourceOverride.Drain(api.Find(change.Name).Name), "true", "source drain"));
        routes.MapPost("/v1/sources/disable", (SourceChange change) => api.Order(change, SourceOverride.Disable(api.Find(change.Name).Name), "true", "source disable"));
        routes.MapPost("/v1/sources/enable", (SourceChange change) => api.TakeBack(change, "source enable", SourceOverride.Drain(change.Name!), SourceOverride.Disable(change.Name!)));
        routes.MapGet("/v1/pools", () => new JsonArray([.. host.Parts.Sources.Pools.Select(pool => (JsonNode)api.Row(pool))]));
        routes.MapGet("/v1/warmup", (string? name) => api.Warmup(name));
        routes.MapPost("/v1/warmup/set", (SourceChange change) => api.Order(change, SourceOverride.WarmupStep(api.Find(change.Name).Name, change.Provider), change.Step.ToString(CultureInfo.InvariantCulture), "source warmup set"));
        routes.MapPost("/v1/warmup/hold", (SourceChange change) => api.Order(change, SourceOverride.HoldWarmup(api.Find(change.Name).Name), "true", "source warmup hold"));
        routes.MapPost("/v1/warmup/release", (SourceChange change) => api.TakeBack(change, "source warmup release", SourceOverride.HoldWarmup(change.Name!)));
        routes.MapGet("/v1/providers/show", (string name) => api.ShowProvider(name));
        routes.MapPost("/v1/providers/pause", (SourceChange change) => api.Order(change, ProviderOverride.Pause(NameOf(change)), "true", "provider pause"));
        routes.MapPost("/v1/providers/resume", (SourceChange change) => api.TakeBack(change, "provider resume", ProviderOverride.Pause(NameOf(change))));
        routes.MapPost("/v1/providers/set", (SourceChange change) => api.Set(change));
    }

    private static string NameOf(SourceChange change) => change.Name is { Length: > 0 } name ? name : throw new BadRequestException("name is missing");

    private Source Find(string? name) => Parts.Sources.Sources.FirstOrDefault(source => source.Name == name) ?? throw new BadRequestException($"there is no source '{name}'");

    private SourceState StateOf(Source source)
    {
        var stopped = Parts.Traffic.Control.DescribeAll(Now)
            .Where(report => report.Key.Scope is FlowScope.SourceAtProvider && report.Key.Subject == source.Name && report.Share.Weight <= 0)
            .Select(report => new SourceQuarantine(report.Key.Operator, report.Allowance.Rule, report.Binding, report.Allowance.Since, report.Until));
        var listed = Parts.Traffic.Lists.QuarantineOf(source.Name, string.Empty) is { Share: < 1, Why: { } why }
            ? [new SourceQuarantine(null, why.Zone, $"{why.Meaning}; {why.Delisting}", why.Since, null)]
            : Array.Empty<SourceQuarantine>();
        return SourceState.Of(new SourceInputs
        {
            Source = source,
            Pools = Parts.Sources.PoolsOf(source),
            Presence = Parts.Traffic.Monitor.Find(source.Id),
            Disabled = _host.Overrides.Find(SourceOverride.Disable(source.Name)),
            Drained = _host.Overrides.Find(SourceOverride.Drain(source.Name)),
            Quarantines = [.. listed, .. stopped],
            Warmup = Parts.Traffic.SourceWarmup.Standings(Now, source.Name),
            Advice = Parts.Traffic.SourceWarmup.Advice(source.Name, Now),
        });
    }

    private JsonObject Row(Source source)
    {
        var state = StateOf(source);
        return new JsonObject
        {
            ["source"] = source.Name,
            ["address"] = state.Address,
            ["pools"] = string.Join(' ', state.Pools),
            ["state"] = Spelling.Of(state.Condition),
            ["takesMail"] = state.TakesMail,
            ["connections"] = ConnectionsOf(source),
            ["stopped"] = state.Quarantines.Count,
            ["warming"] = state.Warmup.Count(standing => !standing.IsWarm),
            ["listed"] = Parts.Traffic.Lists.QuarantineOf(source.Name, string.Empty).Why?.Zone,
            ["reason"] = state.Why,
            ["since"] = state.Since,
            ["until"] = state.Until,
            ["advice"] = state.Advice,
        };
    }

    private int ConnectionsOf(Source source)
    {
        var open = 0;
        foreach (var destination in Parts.Scheduler.Destinations)
        {
            lock (destination.Gate)
            {
                open += destination.FindLane(source.Id)?.Workers ?? 0;
            }
        }

        return open;
    }

    private JsonObject Show(Source source)
    {
        var answer = Row(source);
        answer["ehlo"] = source.Ehlo;
        answer["bind"] = source.Bind?.ToString();
        var operators = Parts.Traffic.Control.DescribeAll(Now)
            .Where(report => report.Key.Scope is FlowScope.SourceAtProvider && report.Key.Subject == source.Name)
            .Select(report => report.Key.Operator)
            .Concat(Parts.Traffic.SourceWarmup.Standings(Now, source.Name).Select(standing => standing.Operator))
            .Concat(Parts.Scheduler.Destinations.Select(destination => destination.Operator))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        answer["providers"] = new JsonArray([.. operators.Select(one => (JsonNode)Row(source, one))]);
        answer["listings"] = new JsonArray([.. Listings(source)]);
        return answer;
    }

    private IEnumerable<JsonNode> Listings(Source source)
    {
        if (Parts.Traffic.Lists.QuarantineOf(source.Name, string.Empty).Why is { } why)
        {
            yield return new JsonObject { ["zone"] = why.Zone, ["meaning"] = why.Meaning, ["since"] = why.Since, ["delist"] = why.Delisting };
        }
    }

    // One source at one provider.
    private JsonObject Row(Source source, string operatorId)
    {
        var report = Parts.Traffic.Control.Describe(new ControlKey(FlowScope.SourceAtProvider, operatorId, source.Name), Now);
        var share = Parts.Traffic.Control.ShareOf(source.Name, operatorId);
        var warmup = Parts.Traffic.SourceWarmup.Of(source.Name, operatorId, Now);
        return new JsonObject
        {
            ["source"] = source.Name,
            ["provider"] = operatorId,
            ["state"] = Helm.Orders.IsOff(source.Name) ? "off" : Spelling.Of(share.State),
            ["weight"] = Math.Round(Helm.ShareOf(source, operatorId), 2),
            ["connections"] = Connections(source, operatorId),
            ["maxConnections"] = report?.Allowance.Connections,
            ["rate"] = report?.Allowance.RatePerSecond is { } rate ? Math.Round(rate, 3) : null,
            ["warmup"] = warmup.IsWarm ? null : string.Create(CultureInfo.InvariantCulture, $"{warmup.UsedToday}/{warmup.DayAllowance}"),
            ["rule"] = report?.Allowance.Rule,
            ["reason"] = report?.Binding,
            ["since"] = report?.Allowance.Since,
            ["until"] = report?.Until,
        };
    }

    private int Connections(Source source, string operatorId)
    {
        var open = 0;
        foreach (var destination in Parts.Scheduler.Destinations.Where(destination => destination.Operator == operatorId))
        {
            lock (destination.Gate)
            {
                open += destination.FindLane(source.Id)?.Workers ?? 0;
            }
        }

        return open;
    }

    private JsonObject Row(Pool pool)
    {
        var options = _host.Snapshot.Options.Pools.GetValueOrDefault(pool.Name);
        return new JsonObject
        {
            ["pool"] = pool.Name,
            ["class"] = pool.Class is { } streamClass ? Spelling.Of(streamClass) : "both",
            ["sources"] = pool.Sources.Count,
            ["usable"] = pool.Sources.Count(source => Helm.ShareOf(source, string.Empty) > 0),
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

    private JsonArray Warmup(string? name) => new([.. Parts.Traffic.SourceWarmup.Standings(Now, name).Select(standing => (JsonNode)new JsonObject
    {
        ["source"] = standing.Name,
        ["provider"] = standing.Operator,
        ["plan"] = standing.Plan,
        ["step"] = standing.Step,
        ["of"] = standing.Steps,
        ["warm"] = standing.IsWarm,
        ["allowance"] = standing.DayAllowance,
        ["used"] = standing.Used,
        ["deferred"] = Math.Round(standing.DeferredShare, 4),
        ["hard"] = Math.Round(standing.HardShare, 4),
        ["complaints"] = Math.Round(standing.ComplaintShare, 5),
        ["held"] = standing.HeldBecause,
        ["done"] = standing.DoneOn?.ToString("O", CultureInfo.InvariantCulture),
    })]);

    private JsonObject ShowProvider(string name)
    {
        var reports = Parts.Traffic.Control.DescribeAll(Now).Where(report => report.Key.Operator == name).ToArray();
        var pause = Helm.Orders.PauseOf(name);
        var ready = 0;
        foreach (var destination in Parts.Scheduler.Destinations.Where(destination => destination.Operator == name))
        {
            lock (destination.Gate)
            {
                ready += destination.Count;
            }
        }

        if (_host.Snapshot.Providers.Find(name) is null && reports.Length == 0 && !Parts.Scheduler.Destinations.Any(destination => destination.Operator == name))
        {
            throw new BadRequestException($"'{name}' is no provider, and no destination of that name has mail or a history here");
        }

        var limits = Parts.LimitTree.All.Where(limit => Concerns(limit, name)).OrderBy(limit => limit.Name, StringComparer.Ordinal).ThenBy(limit => limit.Key, StringComparer.Ordinal);
        return new JsonObject
        {
            ["provider"] = name,
            ["verdict"] = pause is not null
                ? $"paused by {pause.Who} since {pause.Since:u}: {pause.Reason}"
                : string.Create(CultureInfo.InvariantCulture, $"{ready} recipients are ready; {Binding(reports)}"),
            ["ready"] = ready,
            ["paused"] = pause is not null,
            ["sources"] = new JsonArray([.. Parts.Sources.Sources.Select(source => (JsonNode)Row(source, name))]),
            ["limits"] = new JsonArray([.. limits.Select(limit => (JsonNode)Row(limit))]),
            ["control"] = new JsonArray([.. reports.Select(report => (JsonNode)Row(report))]),
        };
    }

    private static string Binding(Reputation.Control.ControlReport[] reports) =>
        reports.Length == 0 ? "control holds nothing back" : string.Create(CultureInfo.InvariantCulture, $"control holds {reports.Length} things back: {reports[0].Binding}");

    private static bool Concerns(Limit limit, string name) =>
        limit.Options.Match.GetValueOrDefault(LimitDimension.Provider) == name || limit.Key == name || limit.Key.EndsWith($" at {name}", StringComparison.Ordinal);

    private static JsonObject Row(Limit limit) => new()
    {
        ["name"] = limit.Name,
        ["key"] = limit.Key,
        ["rate"] = limit.Bucket?.Rate.ToString(),
        ["connections"] = limit.Connections is { Maximum: < int.MaxValue } counter ? string.Create(CultureInfo.InvariantCulture, $"{counter.Open}/{counter.Maximum}") : null,
        ["messagesPerConnection"] = limit.MessagesPerConnection is < int.MaxValue and var messages ? messages : null,
        ["waiting"] = limit.Line.Count + limit.ConnectLine.Count,
        ["rule"] = limit.Reason.Rule,
        ["since"] = limit.Reason.Since,
        ["until"] = limit.PausedUntil > 0 ? "paused" : null,
    };

    private static JsonObject Row(Reputation.Control.ControlReport report) => new()
    {
        ["scope"] = report.Key.Scope.ToString(),
        ["subject"] = report.Key.Subject,
        ["binding"] = report.Binding,
        ["rule"] = report.Allowance.Rule,
        ["since"] = report.Allowance.Since,
        ["until"] = report.Until,
        ["refusedRate"] = report.RefusedRate > 0 ? Math.Round(report.RefusedRate, 3) : null,
        ["refusedConnections"] = report.RefusedConnections > 0 ? report.RefusedConnections : null,
    };

    private JsonObject Set(SourceChange change)
    {
        var name = NameOf(change);
        if (change.Rate is null && change.Connections is null)
        {
            throw new BadRequestException("say --rate, --connections or both");
        }

        var answer = new JsonObject { ["provider"] = name };
        foreach (var (key, value, word) in (ReadOnlySpan<(string, string?, string)>)[(ProviderOverride.Rate(name), change.Rate, "rate"), (ProviderOverride.Connections(name), change.Connections, "connections")])
        {
            if (value is not null)
            {
                answer[word] = value == None ? TakeBack(change, "provider set", key)["removed"]!.DeepClone() : Order(change, key, value, "provider set")["value"]!.DeepClone();
            }
        }

        return answer;
    }

    private JsonObject Order(SourceChange change, string key, string value, string verb)
    {
        if (!OverrideKey.Takes(key, value))
        {
            throw new BadRequestException($"'{value}' is not good for {key}");
        }

        var lasts = change.For is { } text ? SelectorReader.SpanOf("for", text) : (TimeSpan?)null;
        var one = _host.Overrides.Add(key, value, "operator", change.Reason ?? string.Empty, lasts);
        Tell(verb, $"{key} = {value}", change.Reason);
        return new JsonObject { ["key"] = one.Key, ["value"] = one.Value, ["since"] = one.Since, ["until"] = one.Until };
    }

    private JsonObject TakeBack(SourceChange change, string verb, params string[] keys)
    {
        var removed = keys.Where(_host.Overrides.Remove).ToArray();
        if (removed.Length > 0)
        {
            Tell(verb, string.Join(' ', removed), change.Reason);
        }

        return new JsonObject { ["removed"] = removed.Length };
    }

    private void Tell(string verb, string selector, string? reason) => _host.Events.Write(new Event
    {
        Kind = EventKind.Admin,
        Time = Now,
        RecipientIndex = -1,
        Who = "operator",
        Verb = verb,
        Selector = selector,
        Reason = reason,
    });
}
