using System.Buffers;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Delivery;
using Engine.Delivery.Smtp;
using Engine.Dns;
using Engine.Limits;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;
using Engine.Routing;
using Engine.Scheduling;
using Engine.Tests.Queue;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Delivery.Workers;

/// <summary>One lane with a queue on the disk and hosts on loopback. Its worker is started by the test.</summary>
internal sealed class WorkerRig : IMailDns, IAsyncDisposable
{
    /// <summary>A day, from the source.</summary>
    private const int Connections = 100;

    private static readonly Source From = new(new SourceId(1), "default", null, null, "client.test");

    private readonly QueueFolder _folder;
    private readonly SessionCache<SmtpSession> _cache = new(TimeProvider.System, TimeSpan.FromSeconds(30), 10);
    private readonly Channel<Attempt> _attempts = Channel.CreateUnbounded<Attempt>();
    private readonly DeliveryMeter _meter = new();
    private readonly List<Lane> _lanes = [];
    private readonly Pool _pool = new("default", null, [(From, 1)]);
    private readonly Scheduler _scheduler;
    private readonly Destination _destination;
    private readonly MailQueue _queue;

    private WorkerRig(MailQueue queue, TrustedRoots roots, ExchangerHost host, IHeadRenewal? renewal, QueueFolder folder)
    {
        (_queue, _folder) = (queue, folder);
        var destinations = new DestinationTable(TimeProvider.System);
        _destination = destinations.Intern(host.Host, null, false, [host]);
        var limits = new LimitTree(TimeProvider.System);
        limits.Load(new Dictionary<string, LimitOptions> { ["connections"] = new() { Per = [LimitDimension.Source], ConnectionRate = new Rate(Connections, TimeSpan.FromDays(1), Connections) } });
        _scheduler = new Scheduler(limits, TimeProvider.System, new SchedulerSettings(100, 20), _lanes.Add);
        var opener = new SessionOpener(_cache, new HostMemory(TimeProvider.System, TimeSpan.FromHours(1)), TimeProvider.System, new Random(1), _meter) { Terms = Terms };
        var relays = new RelayDesk(new RelayLedger(), new Simulation.SimulatedEvents(), TimeProvider.System, new Random(1));
        Parts = new WorkerParts(queue, _scheduler, destinations, opener, relays, _cache, _attempts.Writer, _meter, _folder.Clock, _ => MayGo(), new Random(1), NullLogger.Instance)
        {
            Renewal = renewal,
            Gate = new SuppressionGate(Suppressed, new CurrentSnapshot(new Snapshot(new EngineOptions(), "/"))),
            Needs = new OpeningNeeds(this, new Connector(new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []), TimeProvider.System), new TimeoutOptions(), TlsPolicy.Opportunistic, AddressFamilyChoice.Ipv4First, 100) { Roots = roots },
        };
    }

    public WorkerParts Parts { get; }

    public ReceiverTerms Terms { get; } = new(TimeProvider.System);

    public SuppressedNames Suppressed { get; } = new();

    /// <summary>Asked for each recipient that is loaded.</summary>
    public Func<bool> MayGo { get; set; } = static () => true;

    public Lane Lane => _lanes[0];

    /// <summary>Connections that were counted.</summary>
    public int Counted => Connections - (int)Math.Round(Lane.Terms.SelectMany(terms => terms.Own).Select(limit => limit.ConnectBucket).OfType<TokenBucket>().First().Level(TimeProvider.System.GetTimestamp()));

    public static async Task<WorkerRig> StartAsync(TrustedRoots roots, ExchangerHost host, IHeadRenewal? renewal = null)
    {
#pragma warning disable CA2000 // The rig disposes of it.
        var folder = new QueueFolder();
#pragma warning restore CA2000
        return new WorkerRig(await folder.OpenAsync(), roots, host, renewal, folder);
    }

    /// <summary>Takes a message in and offers it to the lane.</summary>
    /// <returns>The queue's handles, by recipient.</returns>
    public async Task<int[]> AddAsync(BodyNeeds needs, CancellationToken stop, params string[] recipients)
    {
        var envelope = Letters.Envelope(_queue.Ids.Next(), recipients) with { Needs = needs };
        await _queue.AcceptAsync(new NewMessage(envelope, [Letters.Head("Subject: test")], new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("the body\r\n"))), stop);
        var slots = new int[recipients.Length];
        for (var index = 0; index < slots.Length; index++)
        {
            var slot = await _queue.Due.ReadAsync(stop);
            slots[_queue.Look(slot).Index] = slot;
        }

        foreach (var slot in slots)
        {
            _scheduler.Add(_destination.Id, _destination.Name, _destination.Operator, _pool, _queue.FlowOf(_queue.Look(slot).Flow), new ReadyItem(slot, envelope.Id));
        }

        return slots;
    }

    /// <summary>Runs the lane's worker until it ends.</summary>
    public Task RunAsync(CancellationToken stop) => new LaneWorker(Parts, Lane, CancellationToken.None, stop).RunAsync();

    public RecipientState StateOf(int slot) => _queue.Look(slot).State;

    /// <summary>The next attempt: how each recipient fared, by handle.</summary>
    public async Task<Dictionary<int, OutcomeKind>> AttemptAsync(CancellationToken stop)
    {
        var attempt = await _attempts.Reader.ReadAsync(stop);
        attempt.Message?.Dispose();
        return attempt.Outcomes.ToDictionary(outcome => outcome.Slot, outcome => outcome.Kind);
    }

    public ValueTask<MxAnswer> FindExchangersAsync(DomainName domain, CancellationToken stop) => throw new InvalidOperationException("Nobody asks.");

    public ValueTask<AddressAnswer> FindAddressesAsync(DomainName host, CancellationToken stop) =>
        new(new AddressAnswer(LookupStatus.Found, [IPAddress.Loopback], IsAuthentic: false, DateTimeOffset.MaxValue));

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _scheduler.Dispose();
        _meter.Dispose();
        await _queue.DisposeAsync();
        _folder.Dispose();
    }
}
