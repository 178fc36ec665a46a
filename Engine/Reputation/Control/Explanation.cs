using System.Globalization;
using Engine.Reputation.Control.Health;
using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Control;

/// <summary>Says in words what binds a key now. Pure.</summary>
internal static class Explanation
{
    /// <summary>The one thing that binds most, and when it ends by itself; empty when nothing does.</summary>
    public static (string Binding, DateTimeOffset? Until) Of(Pace pace, Allowance allowance, SourceHealth? health, DateTimeOffset now) => (allowance, health?.State) switch
    {
        ({ PausedUntil: var until }, _) when until > now => ("paused", until),
        (_, SourceState.Stopped) => ("stopped: it fails where other sources do not", health!.Until),
        (_, SourceState.Probing) => ("probed over one connection", null),
        (_, SourceState.Returning) => (Text($"returning with {health!.Share.Weight:P0} of its weight"), null),
        ({ Connections: 1 }, _) when pace.IsRecovering => ("recovering over one connection, one more for each good period", null),
        ({ RatePerSecond: { } rate }, _) => (Text($"{rate:0.###} recipients per second, refused at {pace.Rate.Refused:0.###}"), After(pace.Rate.HoldUntil, now)),
        ({ Connections: { } connections }, _) => (Text($"{connections} connections, refused at {pace.Connections.Refused}"), After(pace.Connections.HoldUntil, now)),
        (_, SourceState.Degraded) => (Text($"degraded: {health!.Share.Weight:P0} of its weight"), null),
        ({ MessagesPerConnection: { } messages }, _) => (Text($"{messages} messages per connection, learned"), pace.Messages.Until),
        ({ RecipientsPerTransaction: { } recipients }, _) => (Text($"{recipients} recipients per transaction, learned"), pace.Recipients.Until),
        _ => (string.Empty, null),
    };

    private static DateTimeOffset? After(DateTimeOffset time, DateTimeOffset now) => time > now ? time : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
