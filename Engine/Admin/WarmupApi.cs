using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Reputation.Warmup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/warmup…</c>: where sources and sender domains stand in their plans, and operators' orders about sources.</summary>
internal static class WarmupApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var orders = new OperatorOrder(host);
        routes.MapGet("/v1/warmup", (string? name) => List(host, name));
        routes.MapPost("/v1/warmup/set", (SourceChange change) => orders.Give(change, SourceOverride.WarmupStep(SourceApi.Find(host, change.Name).Name, change.Provider is { } at ? ProviderApi.Resolve(host, at) : null), StepOf(change), "source warmup set"));
        routes.MapPost("/v1/warmup/hold", (SourceChange change) => orders.Give(change, SourceOverride.HoldWarmup(SourceApi.Find(host, change.Name).Name), "true", "source warmup hold"));
        routes.MapPost("/v1/warmup/release", (SourceChange change) => orders.TakeBack(change, "source warmup release", KeysOf(host.Overrides.List(), SourceApi.Find(host, change.Name).Name)));
    }

    /// <summary>Every order about a source's warm-up: its hold, and the steps it was put at, at one operator or all.</summary>
    public static IReadOnlyList<string> KeysOf(IEnumerable<Override> overrides, string source) =>
    [
        .. overrides
            .Where(one => SourceOverride.HeldSource(one.Key) == source || (SourceOverride.TryReadStep(one.Key, one.Value, out var whose, out _, out _) && whose == source))
            .Select(one => one.Key),
    ];

    private static string StepOf(SourceChange change) =>
        change.Step?.ToString() is { Length: > 0 } step ? step : throw new BadRequestException($"step is missing: a number from 1, or '{SourceOverride.Warm}'");

    private static JsonArray List(EngineHost host, string? name)
    {
        var traffic = host.Parts.Traffic;
        return new JsonArray([.. Rows("source", traffic.SourceWarmup, name), .. Rows("domain", traffic.DomainWarmup, name)]);
    }

    private static IEnumerable<JsonNode> Rows(string kind, WarmupBook book, string? name) => book.Standings(TimeProvider.System.GetUtcNow(), name).Select(standing => (JsonNode)new JsonObject
    {
        ["kind"] = kind,
        ["name"] = standing.Name,
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
        ["next"] = standing.NextChangeAt,
        ["done"] = standing.DoneOn?.ToString("O", CultureInfo.InvariantCulture),
    });
}
