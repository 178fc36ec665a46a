using System.Text.Json.Nodes;
using Engine.Feedback.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/feedback/unparsed?limit=</c>: mail that came back and that nothing could be done with, the newest first.</summary>
internal static class FeedbackApi
{
    private const int MaxRows = 20_000;

    /// <param name="routes">Of the admin interface.</param>
    /// <param name="shelf">Of the running engine.</param>
    public static void Map(IEndpointRouteBuilder routes, UnparsedShelf shelf) => routes.MapGet("/v1/feedback/unparsed", (int? limit) => Rows(shelf, limit));

    private static JsonArray Rows(UnparsedShelf shelf, int? limit)
    {
        var rows = limit is > 0 and <= MaxRows or null ? limit ?? 100 : throw new BadRequestException($"limit: expected a number from 1 to {MaxRows}");
        return new JsonArray([.. shelf.List(rows).Select(RowOf)]);
    }

    private static JsonNode RowOf(UnparsedMail mail) => new JsonObject
    {
        ["time"] = mail.Time.UtcDateTime,
        ["to"] = mail.To,
        ["from"] = mail.From,
        ["why"] = mail.Why,
        ["client"] = mail.Client,
        ["size"] = mail.Size,
        ["file"] = mail.File,
    };
}
