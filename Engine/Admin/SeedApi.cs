using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reports.Seeds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/seeds</c>: seeds, where their probes end, the newest results; <c>POST /v1/seeds/probe</c>: probe now.</summary>
internal static class SeedApi
{
    private const int ResultsShown = 50;

    /// <param name="routes">Of the admin interface.</param>
    /// <param name="desk">The running engine's.</param>
    /// <param name="events">Take the operator's action.</param>
    /// <param name="clock">Its time.</param>
    public static void Map(IEndpointRouteBuilder routes, SeedDesk desk, IEvents events, TimeProvider clock)
    {
        routes.MapGet("/v1/seeds", () => new JsonObject
        {
            ["seeds"] = new JsonArray([.. desk.Seeds.Select(SeedOf)]),
            ["providers"] = Rows(desk),
            ["results"] = new JsonArray([.. desk.Results.Reverse().Take(ResultsShown).Select(result => (JsonNode?)ResultOf(result))]),
        });
        routes.MapPost("/v1/seeds/probe", (SeedProbeRequest request) =>
        {
            if (!desk.ProbeNow(request.Name))
            {
                throw new BadRequestException($"there is no seed '{request.Name}'");
            }

            events.TellAdmin(clock.GetUtcNow(), "seed probe", request.Name, request.Reason);
            return Results.Json(new JsonObject { ["seed"] = request.Name, ["ordered"] = true });
        });
    }

    /// <summary>A row for each provider and pool.</summary>
    public static JsonArray Rows(SeedDesk desk) => new([.. desk.Rows.Select(row => (JsonNode)new JsonObject
    {
        ["provider"] = row.Provider,
        ["pool"] = row.Pool,
        ["day"] = ShareOf(row.Day),
        ["week"] = ShareOf(row.Week),
        ["drift"] = row.Drift,
    })]);

    private static JsonObject ShareOf(SeedShare share) => new()
    {
        ["probes"] = share.Probes,
        ["inbox"] = share.Inbox,
        ["spam"] = share.Spam,
        ["missing"] = share.Missing,
        ["p50"] = share.Median,
        ["p95"] = share.P95,
    };

    private static JsonObject SeedOf(SeedView view) => new()
    {
        ["seed"] = view.Seed,
        ["provider"] = view.Provider,
        ["address"] = view.Address,
        ["open"] = view.Open,
        ["nextProbe"] = view.NextProbe,
        ["trouble"] = view.Trouble,
        ["last"] = view.Last is { } last ? ResultOf(last) : null,
    };

    private static JsonObject ResultOf(SeedResult result) => new()
    {
        ["seed"] = result.Seed,
        ["provider"] = result.Provider,
        ["pool"] = result.Pool,
        ["source"] = result.Source,
        ["sent"] = result.Sent,
        ["place"] = result.Place.ToString().ToLowerInvariant(),
        ["seconds"] = result.Seconds,
        ["verdict"] = result.Verdict,
    };
}
