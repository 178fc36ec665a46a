using System.Net;
using System.Net.Sockets;

namespace Engine.Feedback.Reports;

/// <summary>How often one client may do what anybody may: an IPv4 address, or the /64 of an IPv6 one. GCRA. Thread-safe.</summary>
/// <remarks>Clients are forgotten when they have been quiet; under a flood from everywhere all of them are, which costs nothing but the count.</remarks>
/// <param name="rate">So many a second for long.</param>
/// <param name="burst">So many at once.</param>
/// <param name="clock">Its timestamps.</param>
internal sealed class ClientBudget(double rate, int burst, TimeProvider clock)
{
    private const int MaxClients = 50_000;

    private readonly Dictionary<IPAddress, long> _arrivals = [];
    private readonly Lock _gate = new();

    /// <summary>False when it is too much.</summary>
    public bool TryTake(IPAddress client)
    {
        var now = clock.GetTimestamp();
        var interval = (long)(clock.TimestampFrequency / rate);
        var key = NetworkOf(client);
        lock (_gate)
        {
            if (_arrivals.Count >= MaxClients)
            {
                Forget(now);
            }

            var next = Math.Max(_arrivals.GetValueOrDefault(key, now), now);
            if (next - now > interval * (burst - 1))
            {
                return false;
            }

            _arrivals[key] = next + interval;
            return true;
        }
    }

    private static IPAddress NetworkOf(IPAddress client)
    {
        if (client.AddressFamily is AddressFamily.InterNetwork || client.IsIPv4MappedToIPv6)
        {
            return client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        }

        var octets = client.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }

    private void Forget(long now)
    {
        foreach (var (client, next) in _arrivals)
        {
            if (next <= now)
            {
                _ = _arrivals.Remove(client);
            }
        }

        if (_arrivals.Count >= MaxClients)
        {
            _arrivals.Clear();
        }
    }
}
