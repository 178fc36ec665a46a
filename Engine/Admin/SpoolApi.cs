using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue.Spool;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/spool…</c>: the queue's disk, as the running engine sees it.</summary>
internal static class SpoolApi
{
    public static void Map(IEndpointRouteBuilder routes, EngineHost host) => routes.MapGet("/v1/spool", () => Figures(host));

    /// <param name="routes">Of the admin interface.</param>
    /// <param name="compaction">The queue.</param>
    public static void MapCompaction(IEndpointRouteBuilder routes, ICompaction compaction) =>
        routes.MapPost("/v1/spool/compact", (CancellationToken stop) => CompactAsync(compaction, stop));

    private static JsonObject Figures(EngineHost host)
    {
        using var files = SpoolFiles.Open(host.Snapshot.PathTo(host.Snapshot.Options.State));
        var figures = SpoolFigures.Of(files, TimeProvider.System.GetUtcNow());
        figures["running"] = true;
        figures["minFreeDisk"] = host.Snapshot.Options.Queue.MinFreeDisk.Octets;
        figures["takesMail"] = host.Queue.Refusal is null;
        figures["refusal"] = host.Queue.Refusal;
        figures["livingOctets"] = host.Queue.Census.Bytes;
        figures["queue"] = QueueApi.Counts(host.Counts);
        figures["oldest"] = new JsonObject
        {
            ["transactional"] = host.Queue.Census.Oldest(StreamClass.Transactional),
            ["marketing"] = host.Queue.Census.Oldest(StreamClass.Marketing),
        };
        return figures;
    }

    private static async Task<JsonObject> CompactAsync(ICompaction compaction, CancellationToken stop)
    {
        var result = await compaction.CompactAsync(stop).ConfigureAwait(false);
        return new JsonObject { ["before"] = result.Before, ["after"] = result.After, ["moved"] = result.Moved };
    }
}
