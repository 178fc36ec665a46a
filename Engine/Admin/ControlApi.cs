using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>POST /v1/pause /v1/resume /v1/reload /v1/adopt</c>, <c>/v1/overrides</c>: what operators change.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        routes.MapPost("/v1/pause", (PauseRequest request) => Pause(host, request));
        routes.MapPost("/v1/resume", (PauseRequest request) => Resume(host, request));
        routes.MapGet("/v1/overrides", () => new JsonArray([.. host.Overrides.List().Select(Row)]));
        routes.MapPost("/v1/overrides/rm", (OverrideRemoval request) => Removed(host, request.Key ?? throw new BadRequestException("key is missing"), null));
        routes.MapPost("/v1/reload", (ReloadRequest request) => ReloadAsync(host, request));
        routes.MapPost("/v1/adopt", () => Adopt(host));
    }

    private static JsonNode Row(Override one) => new JsonObject
    {
        ["key"] = one.Key,
        ["value"] = one.Value,
        ["who"] = one.Who,
        ["reason"] = one.Reason,
        ["since"] = one.Since,
        ["until"] = one.Until,
    };

    private static JsonNode Pause(EngineHost host, PauseRequest request)
    {
        var key = KeyOf(host.Snapshot, request);
        var lasts = request.For is { } text ? SelectorReader.SpanOf("for", text) : (TimeSpan?)null;
        var added = host.Overrides.Add(key, "true", AdminEvents.Operator, request.Reason ?? string.Empty, lasts);
        Tell(host, "pause", key, request.Reason);
        return Row(added);
    }

    private static JsonObject Resume(EngineHost host, PauseRequest request) => Removed(host, KeyOf(host.Snapshot, request), request.Reason);

    private static JsonObject Removed(EngineHost host, string key, string? reason)
    {
        var removed = host.Overrides.Remove(key);
        if (removed)
        {
            Tell(host, "resume", key, reason);
        }

        return new JsonObject { ["key"] = key, ["removed"] = removed };
    }

    private static string KeyOf(Snapshot snapshot, PauseRequest request) => request switch
    {
        { All: true, Account: null, Stream: null, Pool: null } => OverrideKey.PauseAll,
        { All: false, Account: { } account, Stream: null, Pool: null } => snapshot.AccountOf(account) is null
            ? throw new BadRequestException($"there is no account '{account}'")
            : OverrideKey.PauseAccount(account),
        { All: false, Account: null, Stream: { } stream, Pool: null } => stream.Split('/', 2) is [var account, var name] && snapshot.AccountOf(account)?.Streams.ContainsKey(name) == true
            ? OverrideKey.PauseStream(account, name)
            : throw new BadRequestException($"there is no stream '{stream}': write ACCOUNT/STREAM"),
        { All: false, Account: null, Stream: null, Pool: { } pool } => snapshot.Options.Pools.ContainsKey(pool) || pool == Reputation.SourceMap.Default
            ? OverrideKey.PausePool(pool)
            : throw new BadRequestException($"there is no pool '{pool}'"),
        _ => throw new BadRequestException("say one of all, --account, --stream or --pool"),
    };

    private static async Task<JsonObject> ReloadAsync(EngineHost host, ReloadRequest request)
    {
        var result = await host.ReloadAsync(request).ConfigureAwait(false);
        return new JsonObject
        {
            ["taken"] = result.IsTaken,
            ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding.ToString())]),
            ["changes"] = new JsonArray([.. result.Changes.Select(change => (JsonNode)change.ToString())]),
        };
    }

    private static JsonObject Adopt(EngineHost host)
    {
        var adopted = host.Adopt();
        if (adopted)
        {
            Tell(host, "adopt", string.Empty, null);
        }

        return new JsonObject { ["adopted"] = adopted };
    }

    private static void Tell(EngineHost host, string verb, string selector, string? reason) => host.Events.TellAdmin(TimeProvider.System.GetUtcNow(), verb, selector, reason);
}
