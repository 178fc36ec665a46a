using System.Net;
using Engine.Dns;

namespace Engine.Preflight.Rotation;

/// <summary>Asks one server by itself, where a resolver's answer would hide which server said what. No cache. Thread-safe.</summary>
/// <param name="clock">For limits.</param>
/// <param name="chance">Gives the ids of queries; used under a lock.</param>
internal sealed class ServerInquiry(TimeProvider clock, Random chance)
{
    // New questions for a reply that ends at an alias; what a name server of the zone hands on is followed by whoever asked.
    private const int MaxOnward = 4;

    private readonly DnsTransport _transport = new(new AnswerReader(trustAd: false, clock), clock);
    private readonly Lock _gate = new();

    /// <summary>Asks a resolver, and asks on when its reply ends at an alias.</summary>
    /// <returns>Null when no answer came.</returns>
    public async Task<DnsAnswer?> ResolveAsync(IPEndPoint server, string name, RecordType type, TimeSpan limit, CancellationToken stop)
    {
        for (var asked = 0; asked <= MaxOnward; asked++)
        {
            var reading = await AskAsync(server, name, type, limit, stop).ConfigureAwait(false);
            if (reading.Onward is not { } target)
            {
                return reading.Answer;
            }

            name = target;
        }

        return null;
    }

    /// <summary>Asks one question. The answer is null when none came; <see cref="Reading.Onward"/> names an alias whose records were not with it.</summary>
    public async Task<Reading> AskAsync(IPEndPoint server, string name, RecordType type, TimeSpan limit, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var inquiry = new Inquiry(1, limit);
        for (DnsTry? next = inquiry.Start(); next is { } attempt;)
        {
            var reading = await TryAsync(server, attempt, name, type, stop).ConfigureAwait(false);
            if (reading.Outcome is TryOutcome.Answered)
            {
                return reading;
            }

            next = inquiry.Next(reading.Outcome, clock.GetElapsedTime(started));
        }

        return default;
    }

    private async Task<Reading> TryAsync(IPEndPoint server, DnsTry attempt, string name, RecordType type, CancellationToken stop)
    {
        var query = new DnsQuery(NextId(), name, type) { UdpSize = attempt.WithEdns ? DnsQuery.UsualUdpSize : (ushort)0 };
        var octets = new byte[DnsQuery.MaxLength];
        var message = octets.AsMemory(0, query.Write(octets));
        return attempt.OverTcp
            ? await _transport.AskStreamAsync(server, message, attempt.Limit, stop).ConfigureAwait(false)
            : await _transport.AskDatagramAsync(server, message, attempt.Limit, stop).ConfigureAwait(false);
    }

    private ushort NextId()
    {
        lock (_gate)
        {
            return (ushort)chance.Next(ushort.MaxValue + 1);
        }
    }
}
