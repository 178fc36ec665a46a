using Engine.Configuration;

namespace Engine.Dns;

/// <summary>Asks the resolvers one question, without a cache. Thread-safe.</summary>
internal sealed class DnsExchange : IDisposable
{
    /// <summary>Questions, and so sockets, open at once. The others wait in line: descriptors are shared with the mail.</summary>
    public const int MaxOpen = 256;

    // New questions for a reply that ends at an alias; each reply may itself hold MaxAliases.
    private const int MaxOnward = 4;

    private readonly ServerList _servers;
    private readonly DnsTransport _transport;
    private readonly TimeSpan _timeout;
    private readonly bool _trustAd;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private readonly Lock _chanceGate = new();
    private readonly SemaphoreSlim _open = new(MaxOpen);
    private readonly DnsMetrics _metrics;
    private readonly ILogger _logger;

    public DnsExchange(DnsOptions options, TimeProvider clock, Random chance, DnsMetrics metrics, ILogger logger)
    {
        _servers = new ServerList(options.Servers, clock);
        _timeout = options.Timeout;
        _trustAd = options.TrustAd && _servers.AreAllLoopback;
        _transport = new DnsTransport(new AnswerReader(_trustAd, clock), clock);
        _clock = clock;
        _chance = chance;
        _logger = logger;
        _metrics = metrics;
    }

    /// <summary>Asks, and asks on when the reply ends at an alias. Waits in line while <see cref="MaxOpen"/> questions are open.</summary>
    /// <param name="name">Text form of <see cref="WireName"/>.</param>
    /// <param name="type">What is asked.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<DnsAnswer> AskAsync(string name, RecordType type, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await _open.WaitAsync(stop);
        try
        {
            var reading = await InquireAsync(name, type, stop);
            for (var asked = 1; reading.Onward is { } target && asked <= MaxOnward; asked++)
            {
                var next = await InquireAsync(target, type, stop);
                reading = next with { Answer = Join(reading.Answer!, next.Answer!) };
            }

            return reading.Onward is null ? reading.Answer! : Failure();
        }
        finally
        {
            _open.Release();
        }
    }

    public void Dispose() => _open.Dispose();

    private static DnsAnswer Join(DnsAnswer alias, DnsAnswer target) => target with
    {
        IsAuthentic = alias.IsAuthentic && target.IsAuthentic,
        Expires = alias.Expires < target.Expires ? alias.Expires : target.Expires,
        Alias = target.Alias ?? alias.Alias,
    };

    private DnsAnswer Failure() => new(LookupStatus.Failed, [], IsAuthentic: false, _clock.GetUtcNow() + Lifetimes.Failure);

    private async Task<Reading> InquireAsync(string name, RecordType type, CancellationToken stop)
    {
        var started = _clock.GetTimestamp();
        var servers = _servers.InOrder();
        var inquiry = new Inquiry(servers.Count, _timeout);
        var outcome = TryOutcome.Unreachable;
        var isSilence = true;
        for (DnsTry? next = inquiry.Start(); next is { } attempt; next = inquiry.Next(outcome, _clock.GetElapsedTime(started)))
        {
            var reading = await TryAsync(servers[attempt.Server], attempt, name, type, stop);
            outcome = reading.Outcome;
            Note(servers[attempt.Server], attempt, outcome);
            isSilence &= outcome is TryOutcome.TimedOut or TryOutcome.Unreachable or TryOutcome.Refused or TryOutcome.Truncated;
            if (outcome is TryOutcome.Answered)
            {
                _metrics.Answered(type, _clock.GetElapsedTime(started));
                return reading;
            }
        }

        _metrics.Failed(type, _clock.GetElapsedTime(started), outcome);
        _logger.QuestionFailed(name, type, outcome);
        return new Reading(outcome, Failure() with { IsSilence = isSilence });
    }

    private async Task<Reading> TryAsync(DnsServer server, DnsTry attempt, string name, RecordType type, CancellationToken stop)
    {
        var query = new DnsQuery(NextId(), name, type)
        {
            UdpSize = attempt.WithEdns ? DnsQuery.UsualUdpSize : (ushort)0,
            WantsAuthenticity = _trustAd,
        };
        var octets = new byte[DnsQuery.MaxLength];
        var message = octets.AsMemory(0, query.Write(octets));
        return attempt.OverTcp
            ? await _transport.AskStreamAsync(server.Address, message, attempt.Limit, stop)
            : await _transport.AskDatagramAsync(server.Address, message, attempt.Limit, stop);
    }

    private ushort NextId()
    {
        lock (_chanceGate)
        {
            return (ushort)_chance.Next(ushort.MaxValue + 1);
        }
    }

    private void Note(DnsServer server, DnsTry attempt, TryOutcome outcome)
    {
        // A resolver without TCP is poor, not silent.
        if (attempt.OverTcp || !_servers.Note(server, outcome))
        {
            return;
        }

        if (outcome is TryOutcome.TimedOut or TryOutcome.Unreachable)
        {
            _logger.ServerSilent(server.Address, outcome);
        }
        else
        {
            _logger.ServerAnswers(server.Address);
        }
    }
}
