using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Limits;
using Engine.Scheduling;

namespace Engine.Admin;

/// <summary>Limits and lanes as rows of answers.</summary>
internal static class LimitRows
{
    /// <summary>A limit, whether it binds now or not.</summary>
    public static JsonObject Row(BindingLimit bound)
    {
        var row = Figures(bound.Limit);
        row["binds"] = bound.Binds;
        row["waiting"] = bound.Waiting;
        row["until"] = bound.Until;
        row["reason"] = ReasonOf(bound);
        return row;
    }

    /// <summary>A limit as it stands, asked for by nobody in particular.</summary>
    public static JsonObject Row(Limit limit, LimitTree tree)
    {
        var left = limit.PausedUntil - tree.Timestamp;
        var row = Figures(limit);
        row["waiting"] = limit.Line.Count + limit.ConnectLine.Count;
        row["until"] = left > 0 && limit.PausedUntil < long.MaxValue ? tree.Now + TimeSpan.FromSeconds(left / (double)tree.Frequency) : null;
        row["reason"] = left > 0 ? "paused" : null;
        return row;
    }

    public static JsonObject Row(LaneState lane, SourceStanding standing) => new()
    {
        ["source"] = lane.Source,
        ["connections"] = lane.Workers,
        ["connecting"] = lane.Connecting,
        ["weight"] = lane.Weight,
        ["warming"] = lane.IsWarming,
        ["state"] = lane.PausedUntil is null ? standing.State : "unreachable",
        ["reason"] = lane.Trouble ?? standing.Reason,
        ["rule"] = lane.Trouble is null ? standing.Rule : null,
        ["since"] = lane.Trouble is null ? standing.Since : null,
        ["until"] = lane.PausedUntil ?? standing.Until,
    };

    /// <summary>An order that pauses, in words.</summary>
    public static string WordsOf(Override pause) => string.Create(
        CultureInfo.InvariantCulture,
        $"paused by {pause.Who} since {pause.Since:u}{(pause.Until is { } until ? $" until {until:u}" : string.Empty)}{(pause.Reason.Length > 0 ? $": {pause.Reason}" : string.Empty)}");

    private static JsonObject Figures(Limit limit) => new()
    {
        ["name"] = limit.Name,
        ["key"] = limit.Key,
        ["rate"] = limit.Bucket?.Rate.ToString(),
        ["connections"] = limit.Connections is { Maximum: < int.MaxValue } counter ? string.Create(CultureInfo.InvariantCulture, $"{counter.Open}/{counter.Maximum}") : null,
        ["messagesPerConnection"] = limit.MessagesPerConnection is < int.MaxValue and var messages ? messages : null,
        ["rule"] = limit.Reason.Rule,
        ["since"] = limit.Reason.Since,
    };

    private static string ReasonOf(BindingLimit bound) => bound.Kind switch
    {
        BindingKind.None => "grants",
        BindingKind.Pause => "paused",
        BindingKind.Day => "its day's volume is used up",
        BindingKind.Rate => $"its rate of {bound.Limit.Bucket?.Rate} is used up",
        BindingKind.Connections => string.Create(CultureInfo.InvariantCulture, $"all {bound.Limit.Connections?.Maximum} connections are in use"),
        _ => "others wait before it",
    };
}
