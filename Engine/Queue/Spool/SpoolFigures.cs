using System.Text.Json.Nodes;
using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>What the files of a spool tell without being read through: lengths, commit marks, snapshots.</summary>
internal static class SpoolFigures
{
    public static JsonObject Of(SpoolFiles files, DateTimeOffset now) => new()
    {
        ["directory"] = files.Path,
        ["freeDisk"] = new DriveInfo(files.Path).AvailableFreeSpace,
        ["octets"] = files.Logs.Sum(static log => log.Segments().Sum(log.LengthOf)),
        ["generations"] = new JsonArray([.. files.Logs.OrderBy(static log => (log.Shard, log.Generation)).Select(static log => (JsonNode)Of(log))]),
        ["snapshots"] = new JsonArray([.. files.Snapshots().Select(file => (JsonNode)new JsonObject
        {
            ["file"] = file.FullName,
            ["octets"] = file.Length,
            ["written"] = file.LastWriteTimeUtc,
            ["ageSeconds"] = Math.Round((now - file.LastWriteTimeUtc).TotalSeconds),
        })]),
    };

    private static JsonObject Of(SpoolLogFiles log)
    {
        var segments = log.Segments();
        var mark = CommitMark.Newest(log.ReadMarks());
        return new JsonObject
        {
            ["shard"] = log.Shard,
            ["generation"] = log.Generation,
            ["segments"] = segments.Count,
            ["octets"] = segments.Sum(log.LengthOf),
            ["begin"] = mark?.Begin,
            ["until"] = mark?.Until,
            ["nextFrame"] = mark?.Sequence,
        };
    }
}
