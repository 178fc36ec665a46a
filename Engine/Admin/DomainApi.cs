using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Preflight;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/domains</c>, <c>/v1/domains/check?name=</c>, <c>/v1/sources/check?name=</c>: what DNS says of our domains and addresses.</summary>
internal static class DomainApi
{
    /// <param name="routes">Of the admin interface.</param>
    /// <param name="current">The configuration.</param>
    /// <param name="parts">Checks and gate.</param>
    public static void Map(IEndpointRouteBuilder routes, CurrentSnapshot current, DomainParts parts)
    {
        routes.MapGet("/v1/domains", (bool? all) => List(current.Value, parts, all ?? false));
        routes.MapGet("/v1/domains/check", (string name, CancellationToken stop) => CheckAsync(current, parts, name, stop));
        routes.MapGet("/v1/sources/check", async (string? name, CancellationToken stop) =>
            await parts.CheckSourcesAsync(name, stop).ConfigureAwait(false) is { } findings ? ReportJson.Of(findings) : throw new BadRequestException($"there is no source '{name}'"));
    }

    // Paused ones first, then by how long they are contradicted.
    private static JsonArray List(Snapshot snapshot, DomainParts parts, bool all) => new([.. parts.Gate.List()
        .Where(standing => all || standing.Since is not null)
        .OrderByDescending(standing => standing.IsPaused)
        .ThenByDescending(standing => standing.Observed)
        .ThenBy(standing => standing.Domain.Name, StringComparer.Ordinal)
        .Select(standing => (JsonNode)ReportJson.Row(standing, snapshot.Verify.Of(standing.Domain)))]);

    private static async Task<JsonObject> CheckAsync(CurrentSnapshot current, DomainParts parts, string name, CancellationToken stop)
    {
        if (!DomainName.TryParse(name, out var domain))
        {
            throw new BadRequestException($"'{name}' is not a domain name");
        }

        var report = await parts.CheckAsync(domain, stop).ConfigureAwait(false);
        return ReportJson.Of(report, current.Value.Verify.Of(domain), parts.Gate.Find(domain), parts.Gate.IsInDoubt);
    }
}
