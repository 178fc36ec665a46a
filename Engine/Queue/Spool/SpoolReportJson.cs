using System.Text.Json.Nodes;
using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>The reports of <c>spool verify</c> and <c>spool stats</c> as JSON.</summary>
internal static class SpoolReportJson
{
    /// <summary>Everything, damaged places and all.</summary>
    public static JsonObject Whole(SpoolReport report)
    {
        var whole = Figures(report);
        whole["damaged"] = report.IsDamaged;
        whole["damages"] = new JsonArray([.. report.Logs.SelectMany(static log => log.Damages).Select(static damage => (JsonNode)Of(damage))]);
        whole["torn"] = new JsonArray([.. report.Logs.SelectMany(static log => log.Torn).Select(static damage => (JsonNode)Of(damage))]);
        whole["lost"] = new JsonArray([.. report.Lost.Select(static lost => (JsonNode)Of(lost))]);
        return whole;
    }

    /// <summary>The figures alone.</summary>
    public static JsonObject Figures(SpoolReport report) => new()
    {
        ["directory"] = report.Directory,
        ["running"] = report.IsRunning,
        ["messages"] = report.Messages,
        ["livingMessages"] = report.Living,
        ["uncertainMessages"] = report.Uncertain,
        ["queuedRecipients"] = report.QueuedRecipients,
        ["heldRecipients"] = report.HeldRecipients,
        ["livingOctets"] = report.LivingOctets,
        ["oldest"] = report.Oldest,
        ["orphanParts"] = report.OrphanParts,
        ["unknownFrames"] = report.UnknownFrames,
        ["snapshots"] = new JsonArray([.. report.Snapshots.Select(static one => (JsonNode)new JsonObject { ["file"] = one.File, ["octets"] = one.Length, ["written"] = one.Written })]),
        ["generations"] = new JsonArray([.. report.Logs.Select(static log => (JsonNode)Of(log))]),
    };

    public static JsonObject Of(LostMessage lost) => new()
    {
        ["id"] = lost.Id == default ? null : lost.Id.ToString(),
        ["recipients"] = new JsonArray([.. lost.Recipients.Select(static one => (JsonNode)one)]),
        ["place"] = lost.Place,
        ["reason"] = lost.Reason,
    };

    private static JsonObject Of(LogReport log) => new()
    {
        ["shard"] = log.Shard,
        ["generation"] = log.Generation,
        ["directory"] = log.Directory,
        ["octets"] = log.Octets,
        ["living"] = log.Living,
        ["deadShare"] = DeadShare(log),
        ["frames"] = log.Frames,
        ["kinds"] = new JsonObject(log.Kinds.Select(static kind => KeyValuePair.Create<string, JsonNode?>(
            NameOf(kind.Key), new JsonObject { ["frames"] = kind.Value.Frames, ["octets"] = kind.Value.Octets }))),
        ["mark"] = log.Mark is { } mark
            ? new JsonObject { ["number"] = mark.Number, ["begin"] = mark.Begin, ["until"] = mark.Until, ["nextFrame"] = mark.Sequence, ["incarnation"] = mark.Incarnation }
            : null,
        ["marks"] = new JsonArray([.. log.Marks.Select(static state => (JsonNode)state.ToString().ToLowerInvariant())]),
        ["end"] = log.End,
        ["framesBehindMark"] = log.FramesBehind,
        ["sequences"] = new JsonArray([.. log.Sequences.Select(static run => (JsonNode)new JsonObject { ["from"] = run.From, ["to"] = run.Until - 1 })]),
        ["incarnations"] = new JsonArray([.. log.Incarnations.Select(static one => (JsonNode)one)]),
        ["missingSegments"] = new JsonArray([.. log.MissingSegments.Select(static one => (JsonNode)one)]),
        ["damagedPlaces"] = log.DamageCount,
        ["segments"] = new JsonArray([.. log.Segments.Select(static segment => (JsonNode)Of(segment))]),
    };

    private static JsonObject Of(SegmentReport segment) => new()
    {
        ["file"] = segment.File,
        ["octets"] = segment.Length,
        ["living"] = segment.Living,
        ["frames"] = segment.Frames,
        ["from"] = segment.First,
        ["to"] = segment.Last,
        ["damagedPlaces"] = segment.Damaged,
    };

    private static JsonObject Of(Damage damage) => new()
    {
        ["file"] = damage.File,
        ["offset"] = damage.Offset,
        ["length"] = damage.Length,
        ["reason"] = damage.Reason,
        ["missingFrom"] = damage.Missing > 0 ? damage.MissingFrom : null,
        ["missing"] = damage.Missing,
        ["id"] = damage.Id == default ? null : damage.Id.ToString(),
    };

    // Of what is written; the zeros at the end of the last file are neither.
    private static double DeadShare(LogReport log)
    {
        var written = log.Kinds.Values.Sum(static kind => kind.Octets);
        return written == 0 ? 0 : Math.Round(1 - Math.Min(1, (double)log.Living / written), 4);
    }

    private static string NameOf(FrameKind kind) => Enum.IsDefined(kind) ? kind.ToString().ToLowerInvariant() : $"kind {(int)kind}";
}
