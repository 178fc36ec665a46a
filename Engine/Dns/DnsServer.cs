using System.Net;

namespace Engine.Dns;

/// <summary>One resolver and whether it answers. Thread-safe.</summary>
internal sealed class DnsServer(IPEndPoint address)
{
    /// <summary>Time-outs without an answer between them. One alone may be a slow zone: the resolver waits for its name servers too.</summary>
    public const int MissesToSilence = 5;

    private long _silentUntil;
    private int _misses;

    public IPEndPoint Address { get; } = address;

    /// <param name="now">A timestamp of the clock.</param>
    /// <returns>True while the server is to be tried only after those that answer.</returns>
    public bool IsSilent(long now) => Volatile.Read(ref _silentUntil) > now;

    /// <param name="weight">How many misses it counts for.</param>
    /// <param name="until">A timestamp: how long it is silent, if it now is.</param>
    /// <returns>True when it fell silent by this.</returns>
    public bool MarkMissed(int weight, long until) =>
        Interlocked.Add(ref _misses, weight) >= MissesToSilence && Interlocked.Exchange(ref _silentUntil, until) == 0;

    /// <returns>True when it had been silent.</returns>
    public bool MarkAnswering()
    {
        if (Volatile.Read(ref _misses) != 0)
        {
            Volatile.Write(ref _misses, 0);
        }

        return Volatile.Read(ref _silentUntil) != 0 && Interlocked.Exchange(ref _silentUntil, 0) != 0;
    }
}
