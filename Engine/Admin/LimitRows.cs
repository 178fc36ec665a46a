using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Scheduling;

namespace Engine.Admin;

/// <summary>Limits and lanes as rows of answers.</summary>
internal static class LimitRows
{
    /// <summary>A limit, whether it binds now or not.</summary>
    public static JsonObject Row(BindingLimit bound) => new()
    {
        ["name"] = bound.Limit.Name,
        ["key"] = bound.Limit.Key,
        ["binds"] = bound.Binds,
        ["rate"] = bound.Limit.Bucket?.Rate.ToString(),
        ["connections"] = bound.Limit.Connections is { Maximum: < int.MaxValue } counter ? string.Create(CultureInfo.InvariantCulture, $"{counter.Open}/{counter.Maximum}") : null,
        ["messagesPerConnection"] = bound.Limit.MessagesPerConnection is < int.MaxValue and var messages ? messages : null,
        ["waiting"] = bound.Waiting,
        ["rule"] = bound.Limit.Reason.Rule,
        ["since"] = bound.Limit.Reason.Since,
        ["until"] = bound.Until,
        ["reason"] = ReasonOf(bound),
    };

    public static JsonObject Row(LaneState lane, string? state, string? reason, DateTimeOffset? until) => new()
    {
        ["source"] = lane.Source,
        ["connections"] = lane.Workers,
        ["connecting"] = lane.Connecting,
        ["weight"] = lane.Weight,
        ["warming"] = lane.IsWarming,
        ["state"] = lane.PausedUntil is null ? state : "unreachable",
        ["reason"] = lane.Trouble ?? reason,
        ["until"] = lane.PausedUntil ?? until,
    };

    private static string ReasonOf(BindingLimit bound) => bound switch
    {
        { Binds: false } => "grants",
        { Until: null, Limit.Connections: { Maximum: < int.MaxValue } counter } => string.Create(CultureInfo.InvariantCulture, $"all {counter.Maximum} connections are in use"),
        { Until: not null, Limit.PausedUntil: > 0 } => "paused",
        { Until: not null, Limit.Bucket: { } bucket } => $"its rate of {bucket.Rate} is used up",
        { Until: not null } => "its day's volume is used up",
        _ => "others wait before it",
    };
}
