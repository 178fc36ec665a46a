using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Delivery;
using Engine.Delivery.Smtp;
using Engine.Dkim;
using Engine.Dns;
using Engine.Feedback;
using Engine.Limits;
using Engine.Mail;
using Engine.Observability;
using Engine.Queue;
using Engine.Reputation;
using Engine.Reputation.Sources;
using Engine.Routing;
using Engine.Scheduling;
using Engine.Submission;
using Engine.Suppression;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>Every part of a running engine, built once, in the order in which they depend on each other. Who holds it starts and stops them.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private const int IdleSessions = 5_000;

    private static readonly TimeSpan HostMemorySpan = TimeSpan.FromHours(1);

    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SigningWork _signing = new(Environment.ProcessorCount);
    private readonly DeliveryMeter _deliveryMeter = new();
    private readonly FeedbackMeter _feedbackMeter = new();
    private readonly SubmissionMetrics _submissionMetrics;
    private readonly SessionCache<SmtpSession> _cache;
    private readonly Authenticator _logins;
    private readonly WorkerParts _workerParts;
    private readonly RelayDesk _relays;
    private readonly RelayCountsFile _relayCounts;
    private KeyRing _keys;
    private MailDns _dns;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Everything made here is kept in a field and disposed of with this.")]
    public EngineParts(CheckedConfiguration configuration, MailQueue queue, Overrides overrides, EventLog eventLog, SuppressionStore suppressions, TimeProvider clock, ILoggerFactory loggers)
    {
        var snapshot = configuration.Snapshot!;
        var options = snapshot.Options;
        (_clock, _keys, _log) = (clock, configuration.Keys!, loggers.CreateLogger("engine"));
        (Queue, Overrides, EventLog, Suppressions) = (queue, overrides, eventLog, suppressions);
        Current = new CurrentSnapshot(snapshot);
        Rate = new DeliveryRate(eventLog, clock);
        var chance = new UnguessableRandom();
        _dns = new MailDns(options.Dns, clock, chance, loggers.CreateLogger<MailDns>());
        Sources = new SourceMap(snapshot);
        LimitTree = new LimitTree(clock);
        LimitStore = new LimitStore(LimitTree, snapshot.PathTo(Path.Join(options.State, "limits")), clock);
        if (LimitStore.Load() is { } fault)
        {
            DaemonLog.LimitsNotRead(_log, fault);
        }

        LimitTree.Load(LimitsOf(snapshot), LimitDefinitions.ZoneOf(options.TimeZone));
        Traffic = new TrafficParts(Current, Sources, LimitTree, overrides, Rate, chance, clock, loggers);
        Router = new Router(_dns, clock, chance, snapshot);
        Workers = new LaneWorkers();
        Scheduler = new Scheduler(LimitTree, clock, Settings(options), Workers.Start, Traffic.Lanes, Traffic.Lanes);
        Traffic.Helm.Changed += Scheduler.Reconsider;

        var rules = new RulesInForce(Current);
        var descriptors = DescriptorBudget.OfProcess(clock);
        _submissionMetrics = new SubmissionMetrics(descriptors);
        var ledger = new IntakeLedger(Rate, _submissionMetrics, clock);
        var store = new QueueStore(queue);
        _logins = new Authenticator(rules, clock, Environment.ProcessorCount);
        IHeadSealer MakeSealer() => new DkimSealer(() => Volatile.Read(ref _keys), _signing);
        var intake = new OwnIntake(rules, store, MakeSealer, ledger, clock);
        Outside = new OutsideHosts(() => _dns, clock);
        TlsReports = new TlsReportParts(Current, (name, stop) => _dns.Client.AskAsync(name, RecordType.Txt, stop), Outside, intake, domain => Volatile.Read(ref _keys).For(domain).Count > 0, Rate, clock, loggers);
        Seeds = new SeedParts(Current, queue, Sources, Outside, intake, Rate, chance, clock, loggers);
        Notices = new NoticeDesk(queue, intake, Current, Rate, clock, loggers.CreateLogger<NoticeDesk>());
        _feedbackMeter.ShowNotices(() => Notices.Waiting);
        Senders = new SenderParts(Current, Sources, overrides, Rate, DigestOf, clock, loggers);
        Inbound = new InboundParts(Current, suppressions, queue, intake, Notices, Traffic.Classifier, Senders.Watch, Rate, () => EventLog.FlushAsync(CancellationToken.None).AsTask(), clock, loggers);
        Submission = DoorOf(rules, store, MakeSealer, ledger, descriptors, loggers);

        _relays = new RelayDesk(Ledger, Rate, clock, chance);
        _relays.Load(RelayTable.Load(snapshot));
        _relayCounts = new RelayCountsFile(Ledger, Path.Join(snapshot.PathTo(options.State), "relay-counts"), clock);
        Outcomes = new OutcomeReader(queue, Traffic.Judge, Sources, Traffic.Hints, Traffic, Current, Notices, _feedbackMeter, Rate, clock, loggers.CreateLogger<OutcomeReader>())
        {
            Suppressions = Inbound.Suppressions,
            Senders = Senders.Watch,
            RelayAt = (recipient, pool, category) => _relays.DueFor(recipient, queue.FlowOf(recipient.Flow), pool ?? string.Empty, category),
        };
        Dispatcher = new Dispatcher(queue, Router, Scheduler, Sources, Traffic.Hints, _relays, Current, Attempts.Writer, clock, loggers.CreateLogger<Dispatcher>()) { MaySend = Traffic.MaySend, Doubted = Traffic.DoubtResolver };
        Senders.Moved += new IsolatedMail(queue, Scheduler, Sources, clock).Move;
        Traffic.Helm.Changed += new EmptyPools(queue, Scheduler, Sources, Traffic.MaySend, clock).Look;
        _cache = new SessionCache<SmtpSession>(clock, options.Delivery.Connections.Idle, IdleSessions);
        _workerParts = PartsOfWorkers(chance);
        Workers.Load(_workerParts);
        Follow(snapshot);
    }

    public CurrentSnapshot Current { get; }

    public MailQueue Queue { get; }

    public Overrides Overrides { get; }

    public EventLog EventLog { get; }

    /// <summary>The event log, seen through the delivery rate: everybody writes here.</summary>
    public DeliveryRate Rate { get; }

    public SourceMap Sources { get; }

    /// <summary>Who gets no mail.</summary>
    public SuppressionStore Suppressions { get; }

    /// <summary>Brakes, scores, engagement.</summary>
    public SenderParts Senders { get; }

    /// <summary>What comes back.</summary>
    public InboundParts Inbound { get; }

    /// <summary>Hosts beside exchangers.</summary>
    public OutsideHosts Outside { get; }

    /// <summary>Reports on TLS.</summary>
    public TlsReportParts TlsReports { get; }

    /// <summary>Probes to mailboxes of ours.</summary>
    public SeedParts Seeds { get; }

    public LimitTree LimitTree { get; }

    /// <summary>Control, warm-up, block lists, source monitor.</summary>
    public TrafficParts Traffic { get; }

    /// <summary>What is in limits over restarts; whoever runs the engine saves it.</summary>
    public LimitStore LimitStore { get; }

    public Router Router { get; }

    public Scheduler Scheduler { get; }

    public LaneWorkers Workers { get; }

    /// <summary>Quotas of the relays and their pauses.</summary>
    public RelayLedger Ledger { get; } = new();

    public SubmissionServer Submission { get; }

    public Dispatcher Dispatcher { get; }

    public OutcomeReader Outcomes { get; }

    public NoticeDesk Notices { get; }

    /// <summary>From delivery to feedback. Unbounded in form; in fact bounded by the connections, each of which has one message.</summary>
    public Channel<Attempt> Attempts { get; } = Channel.CreateUnbounded<Attempt>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Puts a checked configuration in force. No bucket, counter, pause or queue is reset.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The resolver is kept in a field; the old one is disposed of.")]
    public async ValueTask LoadAsync(CheckedConfiguration configuration)
    {
        var snapshot = configuration.Snapshot!;
        var relays = RelayTable.Load(snapshot);
        MailDns? old = null;
        if (!_dns.Serves(snapshot.Options.Dns))
        {
            (old, _dns) = (_dns, new MailDns(snapshot.Options.Dns, _clock, new UnguessableRandom(), _log));
        }

        Volatile.Write(ref _keys, configuration.Keys!);
        Sources.Load(snapshot);
        foreach (var relay in relays.All)
        {
            // Lanes to it that have mail follow at their next connection.
            Router.Destinations.Intern(relay);
        }

        _relays.Load(relays);
        LimitTree.Load(LimitsOf(snapshot), LimitDefinitions.ZoneOf(snapshot.Options.TimeZone));
        Router.Load(_dns, snapshot);
        Scheduler.Load(Settings(snapshot.Options));
        Current.Swap(snapshot);
        Traffic.Load(snapshot);
        Senders.Load(snapshot);
        Seeds.Load(snapshot);
        Follow(snapshot);
        if (old is not null)
        {
            await old.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Applies what operators paused, and what the configuration does.</summary>
    public void LoadPauses()
    {
        Traffic.LoadOverrides();
        Senders.LoadOverrides();
        Dispatcher.Load(PauseTable.Of(Current.Value, Overrides.List()));
    }

    /// <summary>The listeners' real ports are known only now: delivery never connects to them.</summary>
    public void LoadListeners() => Follow(Current.Value);

    public async ValueTask DisposeAsync()
    {
        await Submission.DisposeAsync().ConfigureAwait(false);
        await _cache.DisposeAsync().ConfigureAwait(false);
        await _dns.DisposeAsync().ConfigureAwait(false);
        await Traffic.DisposeAsync().ConfigureAwait(false);
        Scheduler.Dispose();
        Workers.Dispose();
        _logins.Dispose();
        _signing.Dispose();
        _relayCounts.Dispose();
        _deliveryMeter.Dispose();
        _feedbackMeter.Dispose();
        Inbound.Dispose();
        TlsReports.Dispose();
        Seeds.Dispose();
        _submissionMetrics.Dispose();
    }

    private AddressDigest DigestOf(Mailbox address) => Suppressions.DigestOf(address);

    private SubmissionServer DoorOf(RulesInForce rules, QueueStore store, Func<IHeadSealer> makeSealer, IntakeLedger ledger, DescriptorBudget descriptors, ILoggerFactory loggers)
    {
        var limits = new SubmissionLimits();
        return new SubmissionServer(Current, new SessionParts(rules, _logins, new BlockPool(limits.ContentMemory), store, makeSealer, ledger, limits, _clock, loggers.CreateLogger<SubmissionServer>())
        {
            Descriptors = descriptors,
            Meters = new AccountMeters(LimitTree, _clock),
            DigestOf = DigestOf,
            EngagementOf = Senders.EngagementOf,
            StandingOf = Inbound.StandingOfAsync,
            Feedback = Inbound.Feedback,
        });
    }

    private WorkerParts PartsOfWorkers(Random chance)
    {
        var opener = new SessionOpener(_cache, new HostMemory(_clock, HostMemorySpan), _clock, chance, _deliveryMeter)
        {
            Absent = source => Traffic.Watch.Report(source, SourceFault.AddressNotAvailable),
            Terms = Traffic.Terms,
        };
        return new WorkerParts(Queue, Scheduler, Router.Destinations, opener, _relays, _cache, Attempts.Writer, _deliveryMeter, _clock, recipient => Dispatcher.MayGo(recipient), chance, _log)
        {
            RecipientsPerTransaction = Traffic.RecipientsPerTransaction,
            ReturnPaths = new ReturnPaths(Current, Queue, DigestOf, _clock),
            Gate = Inbound.Gate,
        };
    }

    private static IReadOnlyDictionary<string, LimitOptions> LimitsOf(Snapshot snapshot) =>
        RelayTable.WithLimits(snapshot.Options, LimitDefinitions.Of(snapshot.Options, snapshot.Providers.ShippedLimits));

    private static SchedulerSettings Settings(EngineOptions options) =>
        new(options.Delivery.Connections.Max, options.Delivery.Connections.PerDestination);

    private void Follow(Snapshot snapshot)
    {
        var delivery = snapshot.Options.Delivery;
        var rule = new Wire.AddressRule(
            delivery.AllowAddresses.Select(System.Net.IPNetwork.Parse),
            Submission.BoundEndPoints.Select(bound => bound.EndPoint),
            LocalAddresses.All());
        Outside.Load(snapshot, rule);
        _workerParts.Needs = new OpeningNeeds(_dns, new Wire.Connector(rule, _clock), delivery.Timeouts, delivery.Tls.Policy, delivery.AddressFamily, delivery.Connections.Messages)
        {
            Providers = snapshot.Providers,
            Self = snapshot.Options.Sources.Values.Select(source => source.Ehlo).OfType<string>().Append(snapshot.Options.Hostname).ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
        LoadPauses();
    }
}
