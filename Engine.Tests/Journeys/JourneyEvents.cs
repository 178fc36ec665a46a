using System.Text.Json;
using Engine.Daemon;
using Engine.Observability;

namespace Engine.Tests.Journeys;

/// <summary>The event log of an engine that runs.</summary>
internal sealed class JourneyEvents(EngineHost host)
{
    public static string Kind(JsonElement line) => line.GetProperty("event").GetString()!;

    public static string? Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) ? value.GetString() : null;

    /// <summary>Waits until events that satisfy the condition have been written as often as wanted.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitAsync(Func<JsonElement, bool> condition, int count = 1)
    {
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);
        var found = new List<JsonElement>();
        try
        {
            await foreach (var line in new EventReader(host.EventsDirectory).FollowAsync(EventFilter.All, default, host.EventLog, guard.Token))
            {
                if (Parse(line) is var parsed && condition(parsed))
                {
                    found.Add(parsed);
                }

                if (found.Count == count)
                {
                    return found;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Only {found.Count} of {count} events came. The last:\n{string.Join('\n', (await AllAsync()).TakeLast(6))}");
        }

        return found;
    }

    /// <summary>Waits for one event of a kind.</summary>
    public async Task<JsonElement> OneAsync(string kind, Func<JsonElement, bool>? condition = null) => (await WaitAsync(line => Kind(line) == kind && condition?.Invoke(line) is not false))[0];

    /// <summary>Every event so far.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync()
    {
        await host.EventLog.FlushAsync(CancellationToken.None);
        return [.. new EventReader(host.EventsDirectory).Read(EventFilter.All).Select(Parse)];
    }

    private static JsonElement Parse(EventRecord line)
    {
        using var document = JsonDocument.Parse(line.Json);
        return document.RootElement.Clone();
    }
}
