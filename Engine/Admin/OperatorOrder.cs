using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;

namespace Engine.Admin;

/// <summary>Gives operators' orders and takes them back: an override and an <c>admin</c> event each.</summary>
internal sealed class OperatorOrder(EngineHost host)
{
    public JsonObject Give(SourceChange change, string key, string value, string verb)
    {
        if (!OverrideKey.Takes(key, value))
        {
            throw new BadRequestException($"'{value}' is not good for {key}");
        }

        var lasts = change.For is { } text ? SelectorReader.SpanOf("for", text) : (TimeSpan?)null;
        var one = host.Overrides.Add(key, value, AdminEvents.Operator, change.Reason ?? string.Empty, lasts);
        Tell(verb, $"{key} = {value}", change.Reason);
        return new JsonObject { ["key"] = one.Key, ["value"] = one.Value, ["since"] = one.Since, ["until"] = one.Until };
    }

    public JsonObject TakeBack(SourceChange change, string verb, params IEnumerable<string> keys)
    {
        var removed = keys.Where(host.Overrides.Remove).ToArray();
        if (removed.Length > 0)
        {
            Tell(verb, string.Join(' ', removed), change.Reason);
        }

        return new JsonObject { ["removed"] = removed.Length, ["keys"] = string.Join(' ', removed) };
    }

    private void Tell(string verb, string selector, string? reason) => host.Events.TellAdmin(TimeProvider.System.GetUtcNow(), verb, selector, reason);
}
