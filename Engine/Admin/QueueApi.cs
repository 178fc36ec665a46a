using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/queue…</c>: looking at queued mail and changing it.</summary>
internal static class QueueApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        routes.MapGet("/v1/queue", (HttpContext context) => ListAsync(context, host));
        routes.MapGet("/v1/queue/count", (string? by) => by is null ? (JsonNode)Counts(host.Counts) : CountBy(host, by));
        routes.MapGet("/v1/queue/{id}", (string id, bool? headers, bool? body, CancellationToken stop) => ShowAsync(host, SelectorReader.IdOf(id), headers ?? false, body ?? false, stop));
        foreach (var verb in (string[])["retry", "hold", "release", "fail", "rm", "expire", "route"])
        {
            routes.MapPost($"/v1/queue/{verb}", (QueueChange change, CancellationToken stop) => ChangeAsync(host, verb, change, stop));
        }
    }

    public static JsonObject Counts(QueueCounts counts) => new JsonObject
    {
        ["queued"] = counts.Queued,
        ["ready"] = counts.Ready,
        ["deferred"] = counts.Deferred,
        ["scheduled"] = counts.Scheduled,
        ["held"] = counts.Held,
        ["inFlight"] = counts.InFlight,
    };

    private static JsonArray CountBy(EngineHost host, string by)
    {
        var dimension = Enum.TryParse<QueueDimension>(by, ignoreCase: true, out var value) ? value : throw new BadRequestException($"cannot count by '{by}'");
        return new JsonArray([.. host.Queue.Census.CountBy(dimension).Select(count => (JsonNode)new JsonObject { [by] = count.Key, ["recipients"] = count.Value })]);
    }

    private static async Task ListAsync(HttpContext context, EngineHost host)
    {
        var selector = SelectorReader.Read(context.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())), TimeProvider.System.GetUtcNow());
        context.Response.ContentType = "application/jsonl";
        await foreach (var view in host.Queue.Operators.FindAsync(selector, context.RequestAborted).ConfigureAwait(false))
        {
            await context.Response.WriteAsync(Row(view).ToJsonString() + "\n", context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static JsonObject Row(QueuedView view) => new()
    {
        ["id"] = view.Recipient.Id.ToString(),
        ["rcpt"] = view.Recipient.Index,
        ["state"] = view.Recipient.State.ToString().ToLowerInvariant(),
        ["from"] = view.Sender,
        ["to"] = view.Address,
        ["account"] = view.Flow.Account,
        ["stream"] = view.Flow.Stream,
        ["campaign"] = view.Flow.Campaign,
        ["class"] = view.Flow.Class is StreamClass.Transactional ? "transactional" : "marketing",
        ["attempts"] = view.Recipient.Attempts,
        ["accepted"] = view.Recipient.Accepted,
        ["due"] = view.Recipient.Due,
        ["category"] = view.Recipient.Attempts > 0 ? view.Recipient.Category.ToString() : null,
        ["code"] = view.Last?.Deferral.Code,
        ["reply"] = view.Last?.Deferral.Text,
        ["uncertain"] = view.Recipient.IsUncertain,
        ["size"] = view.Recipient.Size,
        ["fault"] = view.Fault,
    };

    private static async Task<IResult> ShowAsync(EngineHost host, MessageId id, bool headers, bool body, CancellationToken stop)
    {
        var rows = new JsonArray();
        await foreach (var view in host.Queue.Operators.FindAsync(RecipientSelector.All with { Ids = [id] }, stop).ConfigureAwait(false))
        {
            rows.Add(Row(view));
        }

        if (rows.Count == 0)
        {
            return Results.Text($"{id} is not queued; 'engine trace {id}' tells what became of it", statusCode: StatusCodes.Status404NotFound);
        }

        var message = host.Queue.Operators.Read(id);
        var answer = new JsonObject { ["id"] = id.ToString(), ["recipients"] = rows };
        if (message is not null)
        {
            var envelope = message.Envelope;
            answer["messageId"] = envelope.HeaderMessageId;
            answer["headerFrom"] = envelope.HeaderFrom.Name;
            answer["client"] = envelope.Client;
            answer["credential"] = envelope.Credential;
            answer["tags"] = new JsonArray([.. envelope.Tags.Select(tag => (JsonNode)tag)]);
        }

        return new MessageAnswer(answer, message, headers, body);
    }

    private static async Task<JsonObject> ChangeAsync(EngineHost host, string verb, QueueChange change, CancellationToken stop)
    {
        var given = change.Selector ?? [];
        var selector = SelectorReader.Read(given.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? string.Empty)), TimeProvider.System.GetUtcNow());
        if (verb == "route" && !host.Snapshot.Options.Pools.ContainsKey(change.Pool ?? string.Empty))
        {
            throw new BadRequestException($"there is no pool '{change.Pool}'");
        }

        if (OperatorDesk.Refuse(verb, selector) is { } refusal)
        {
            throw new BadRequestException(refusal);
        }

        if (change.DryRun)
        {
            return new JsonObject { ["verb"] = verb, ["count"] = await host.Queue.Operators.CountAsync(selector, stop).ConfigureAwait(false) };
        }

        try
        {
            var request = new OperatorRequest(verb, selector, given.ToJsonString(), change.Reason ?? string.Empty, change.Pool ?? string.Empty);
            var changed = await host.Operators.ChangeAsync(request, stop).ConfigureAwait(false);
            return changed.Count is { } count
                ? new JsonObject { ["verb"] = verb, ["count"] = count, ["inFlight"] = changed.InFlight.ToString(CultureInfo.InvariantCulture) }
                : new JsonObject { ["verb"] = verb, ["ordered"] = true };
        }
        catch (ArgumentException fault)
        {
            throw new BadRequestException(fault.Message);
        }
    }
}
