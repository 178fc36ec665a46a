using Engine.Reputation.Blocklists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/blocklists</c>: lists, their health, and who is listed.</summary>
internal static class BlocklistApi
{
    /// <param name="routes">Of the admin interface.</param>
    /// <param name="report">The running checker's <see cref="BlocklistChecker.Report"/>.</param>
    public static void Map(IEndpointRouteBuilder routes, Func<BlocklistReport> report) => routes.MapGet("/v1/blocklists", () => report());
}
