using System.Net;

namespace Engine.Submission;

/// <summary>How long a client that keeps guessing must wait before its next guess is looked at. Thread-safe.</summary>
/// <remarks>Two slips cost nothing; then 1, 2, 4 … 30 seconds. Counted per IPv4 address or IPv6 /64; forgotten 15 minutes after the last failure.</remarks>
internal sealed class AuthPenalties(TimeProvider clock)
{
    private const int Free = 2;
    private const int MaxEntries = 50_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly Dictionary<IPAddress, (int Count, DateTimeOffset Last)> _failures = [];
    private readonly Lock _gate = new();

    public TimeSpan For(IPAddress client)
    {
        lock (_gate)
        {
            return _failures.TryGetValue(ClientNetwork.Of(client), out var seen) && seen.Count >= Free && clock.GetUtcNow() - seen.Last < Memory
                ? TimeSpan.FromSeconds(Math.Min(1L << Math.Min(seen.Count - Free, 10), (long)Longest.TotalSeconds))
                : TimeSpan.Zero;
        }
    }

    public void Failed(IPAddress client)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (_failures.Count >= MaxEntries)
            {
                Forget(now);
            }

            var key = ClientNetwork.Of(client);
            var count = _failures.TryGetValue(key, out var seen) && now - seen.Last < Memory ? seen.Count : 0;
            _failures[key] = (count + 1, now);
        }
    }

    public void Succeeded(IPAddress client)
    {
        lock (_gate)
        {
            // One off, not all: who has a login of his own could otherwise guess at others between two good ones.
            var key = ClientNetwork.Of(client);
            if (_failures.TryGetValue(key, out var seen))
            {
                _failures[key] = (Math.Max(0, seen.Count - 1), seen.Last);
            }
        }
    }

    // Under a flood from everywhere the table starts over: a penalty lost is better than memory without bound.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (client, seen) in _failures)
        {
            if (now - seen.Last >= Memory)
            {
                _ = _failures.Remove(client);
            }
        }

        if (_failures.Count >= MaxEntries)
        {
            _failures.Clear();
        }
    }
}
