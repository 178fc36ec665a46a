using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Queue;
using Engine.Queue.Transfer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/queue/export</c>, <c>/v1/queue/import</c>: mail that moves between engines.</summary>
internal static class TransferApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var desk = new TransferDesk(host, TimeProvider.System);
        routes.MapPost("/v1/queue/export", (HttpContext context, ExportRequest request) => ExportAsync(context, desk, request));
        routes.MapPost("/v1/queue/export/rm", (ExportRemoval removal, CancellationToken stop) => RemoveAsync(desk, removal, stop));
        routes.MapPost("/v1/queue/import", (HttpContext context, bool? held, string? reason) =>
            ImportAsync(context, desk, held ?? false, reason ?? string.Empty));
    }

    // An export that breaks off has no manifest, and the connection is cut: nobody takes it for whole.
    private static async Task ExportAsync(HttpContext context, TransferDesk desk, ExportRequest request)
    {
        LongTransfer.Begin(context);
        var given = request.Selector ?? [];
        var selector = SelectorReader.Read(given.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? string.Empty)), TimeProvider.System.GetUtcNow());
        if (request.Hold && (selector.Limit is not null || selector.State is not (null or RecipientState.Held)))
        {
            throw new BadRequestException("hold goes without limit, and without a state but held: what is held changes its state");
        }

        context.Response.ContentType = "application/x-tar";
        await desk.ExportAsync(selector, given.ToJsonString(), request.Hold, request.Reason ?? string.Empty, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<JsonObject> RemoveAsync(TransferDesk desk, ExportRemoval removal, CancellationToken stop)
    {
        var exported = (removal.Recipients ?? throw new BadRequestException("recipients are missing")).Select(one => (SelectorReader.IdOf(one.Id), one.Index)).ToHashSet();
        var removed = await desk.RemoveAsync(exported, removal.Reason ?? string.Empty, stop).ConfigureAwait(false);
        return new JsonObject { ["count"] = removed.Count };
    }

    private static async Task<IResult> ImportAsync(HttpContext context, TransferDesk desk, bool held, string reason)
    {
        LongTransfer.Begin(context);
        try
        {
            var result = await desk.ImportAsync(context.Request.Body, held, reason, context.RequestAborted).ConfigureAwait(false);
            return Results.Json(new JsonObject
            {
                ["messages"] = result.Messages,
                ["recipients"] = result.Recipients,
                ["held"] = result.Held,
                ["known"] = result.Known,
                ["refused"] = new JsonArray([.. result.Refused.Select(static one => (JsonNode)new JsonObject { ["messages"] = one.Value, ["reason"] = one.Key })]),
            });
        }
        catch (TransferDamagedException fault)
        {
            return Results.Text($"{fault.Message}; what stands before it was taken", statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        catch (IntakeRefusedException fault)
        {
            return Results.Text($"{fault.Message}; what came before was taken: repeat the import", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (IOException fault)
        {
            return Results.Text($"{fault.Message}; what came before was taken: repeat the import", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
