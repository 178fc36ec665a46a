using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/version /v1/status /v1/config /v1/trace</c>: what is.</summary>
internal static class StatusApi
{
    private const int LanesShown = 50;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        routes.MapGet("/v1/version", () => new JsonObject { ["version"] = EngineVersion.Text });
        routes.MapGet("/v1/status", () => Status(host));
        routes.MapGet("/v1/config", () => JsonNode.Parse(EffectiveWriter.Write(host.Snapshot, host.Overrides.List())));
        routes.MapGet("/v1/trace", (HttpContext context) => TraceAsync(context, host));
    }

    private static JsonObject Status(EngineHost host)
    {
        var parts = host.Parts;
        return new JsonObject
        {
            ["version"] = EngineVersion.Text,
            ["hostname"] = host.Snapshot.Options.Hostname,
            ["node"] = host.Snapshot.Options.Node,
            ["started"] = host.Started,
            ["mode"] = host.Snapshot.Options.Delivery.Mode.ToString().ToLowerInvariant(),
            ["takesMail"] = host.Queue.Refusal is null,
            ["refusal"] = host.Queue.Refusal,
            ["listeners"] = new JsonArray([.. parts.Submission.BoundEndPoints.Select(bound => (JsonNode)$"{bound.Name} {bound.EndPoint}")]),
            ["queue"] = QueueApi.Counts(host.Counts),
            ["parked"] = parts.Dispatcher.Parking.Count,
            ["noticesWaiting"] = parts.Notices.Waiting,
            ["connections"] = parts.Scheduler.Workers,
            ["submissionConnections"] = parts.Submission.Connections,
            ["oldest"] = new JsonObject
            {
                ["transactional"] = host.Queue.Census.Oldest(StreamClass.Transactional),
                ["marketing"] = host.Queue.Census.Oldest(StreamClass.Marketing),
            },
            ["overrides"] = new JsonArray([.. host.Overrides.List().Select(one => (JsonNode)one.Key)]),
            ["brokenAccounts"] = new JsonArray([.. host.Snapshot.BrokenAccounts.Select(name => (JsonNode)name)]),
            ["brokenDomains"] = new JsonArray([.. host.Snapshot.BrokenDomains.Select(name => (JsonNode)name)]),
            ["seeds"] = SeedApi.Rows(parts.Seeds.Desk),
            ["lanes"] = Lanes(host),
        };
    }

    // The busiest and the troubled.
    private static JsonArray Lanes(EngineHost host)
    {
        var rows = new List<(int Rank, JsonObject Row)>();
        foreach (var destination in host.Parts.Scheduler.Destinations)
        {
            lock (destination.Gate)
            {
                foreach (var lane in destination.Lanes)
                {
                    rows.Add((destination.Count + lane.Workers, new JsonObject
                    {
                        ["destination"] = destination.Name,
                        ["tls"] = host.Parts.Router.Destinations.Find(destination.Id)?.Tls.Word is { Length: > 0 } tls ? tls : null,
                        ["source"] = lane.Source.Name,
                        ["ready"] = destination.Count,
                        ["connections"] = lane.Workers,
                        ["trouble"] = lane.Trouble,
                    }));
                }
            }
        }

        return new JsonArray([.. rows.OrderByDescending(row => row.Rank).Take(LanesShown).Select(row => (JsonNode)row.Row)]);
    }

    private static async Task TraceAsync(HttpContext context, EngineHost host)
    {
        var query = context.Request.Query;
        var filter = new EventFilter
        {
            Id = query.TryGetValue("id", out var id) ? SelectorReader.IdOf(id.ToString()) : null,
            To = query.TryGetValue("to", out var to) ? to.ToString() : null,
            HeaderMessageId = query.TryGetValue("messageId", out var header) ? header.ToString() : null,
            Since = query.TryGetValue("since", out var since) ? TimeProvider.System.GetUtcNow() - SelectorReader.SpanOf("since", since.ToString()) : null,
        };
        await host.EventLog.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/jsonl";
        foreach (var line in new EventReader(host.EventsDirectory).Trace(filter, context.RequestAborted))
        {
            await context.Response.Body.WriteAsync(line.Json, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(LineEnd, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
