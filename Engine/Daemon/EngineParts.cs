using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Delivery;
using Engine.Delivery.Dane;
using Engine.Delivery.Smtp;
using Engine.Delivery.Sts;
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
    private readonly DeliveryMeter _deliveryMeter = new();
    private readonly FeedbackMeter _feedbackMeter = new();
    private readonly SubmissionMetrics _submissionMetrics;
    private readonly SessionCache<SmtpSession> _cache;
    private readonly Authenticator _logins;
    private readonly WorkerParts _workerParts;
    private readonly RelayDesk _relays;
    private readonly RelayCountsFile _relayCounts;
    private readonly LatestLoad _pauses;
    private MailDns _dns;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Everything made here is kept in a field and disposed of with this.")]
    public EngineParts(CheckedConfiguration configuration, MailQueue queue, Overrides overrides, EventLog eventLog, SuppressionStore suppressions, TimeProvider clock, ILoggerFactory loggers)
    {
        var snapshot = configuration.Snapshot!;
        var options = snapshot.Options;
        (_clock, _log) = (clock, loggers.CreateLogger("engine"));
        (Queue, Overrides, EventLog, Suppressions) = (queue, overrides, eventLog, suppressions);
        Current = new CurrentSnapshot(snapshot);
        _pauses = new LatestLoad(ReadPauses);
        Rate = new DeliveryRate(eventLog, clock);
        var chance = new UnguessableRandom();
        _dns = new MailDns(options.Dns, clock, chance, loggers.CreateLogger<MailDns>());
        Signing = new SigningParts(configuration.Keys!, Rate, clock);
        Keys = new KeyParts(configuration.Book, Signing, Current, () => _dns.Client, queue.Census.Oldest, Rate, clock, loggers);
        Sources = new SourceMap(snapshot);
        LimitTree = new LimitTree(clock);
        LimitStore = StoredLimits(snapshot);
        Traffic = new TrafficParts(Current, Sources, LimitTree, overrides, Rate, chance, clock, loggers);
        var rules = new RulesInForce(Current) { IsWithheld = Keys.IsWithheld };
        var descriptors = DescriptorBudget.OfProcess(clock);
        _submissionMetrics = new SubmissionMetrics(descriptors);
        var ledger = new IntakeLedger(Rate, _submissionMetrics, clock);
        var store = new QueueStore(queue);
        _logins = new Authenticator(rules, clock, Environment.ProcessorCount);
        var intake = new OwnIntake(rules, store, Signing.MakeSealer, ledger, clock);
        Outside = new OutsideHosts(() => _dns, configuration.Roots, clock);
        TlsReports = new TlsReportParts(Current, (name, stop) => _dns.Client.AskAsync(name, RecordType.Txt, stop), Outside, intake, domain => Signing.Keys.For(domain).Select(static key => key.Domain), Rate, clock, loggers);
        Seeds = new SeedParts(Current, queue, Sources, Outside, intake, Rate, chance, clock, loggers);
        Sts = new StsParts(Current, () => Volatile.Read(ref _dns), Outside.Https, TlsReports.Book, Rate, clock, loggers);
        Router = new Router(_dns, clock, chance, snapshot) { Requirements = Sts.Desk };
        Workers = new LaneWorkers();
        Scheduler = new Scheduler(LimitTree, clock, Settings(options), Workers.Start, Traffic.Lanes, Traffic.Lanes);
        Traffic.Helm.Changed += Scheduler.Reconsider;
        Sts.Desk.Replaced = new ChangedPolicies(queue, Scheduler, Router.Destinations, clock).Move;

        Notices = new NoticeDesk(queue, intake, Current, Rate, clock, loggers.CreateLogger<NoticeDesk>());
        _feedbackMeter.ShowNotices(() => Notices.Waiting);
        Domains = new DomainParts(Current, Sources, () => Signing.Keys, () => Volatile.Read(ref _dns), Outside.Https, Rate, chance, clock, loggers);
        Senders = new SenderParts(Current, Sources, overrides, Rate, DigestOf, clock, loggers);
        Inbound = new InboundParts(Current, suppressions, queue, intake, Notices, Traffic.Classifier, Senders.Watch, Rate, () => EventLog.FlushAsync(CancellationToken.None).AsTask(), clock, loggers);
        Submission = DoorOf(rules, store, ledger, descriptors, loggers);

        _relays = new RelayDesk(Ledger, Rate, clock, chance);
        _relays.Load(RelayTable.Load(snapshot));
        _relayCounts = new RelayCountsFile(Ledger, Path.Join(snapshot.PathTo(options.State), "relay-counts"), clock);
        Outcomes = OutcomesTo(loggers);
        Dispatcher = new Dispatcher(queue, Router, Scheduler, Sources, Traffic.Hints, _relays, Current, Attempts.Writer, clock, loggers.CreateLogger<Dispatcher>()) { MaySend = Traffic.MaySend, Doubted = Traffic.DoubtResolver };
        Senders.Moved += new IsolatedMail(queue, Scheduler, Sources, clock).Move;
        Traffic.Helm.Changed += new EmptyPools(queue, Scheduler, Sources, Traffic.MaySend, clock).Look;
        _cache = new SessionCache<SmtpSession>(clock, options.Delivery.Connections.Idle, IdleSessions);
        _workerParts = PartsOfWorkers(chance);
        Workers.Load(_workerParts);
        Domains.Gate.Changed += LoadPauses;
        Follow(snapshot);
    }

    public CurrentSnapshot Current { get; }

    public MailQueue Queue { get; }

    public Overrides Overrides { get; }

    public EventLog EventLog { get; }

    /// <summary>The event log, seen through the delivery rate: everybody writes here.</summary>
    public DeliveryRate Rate { get; }

    public SourceMap Sources { get; }

    /// <summary>Signing keys and their rotation.</summary>
    public KeyParts Keys { get; }

    /// <summary>Who gets no mail.</summary>
    public SuppressionStore Suppressions { get; }

    /// <summary>Brakes, scores, engagement.</summary>
    public SenderParts Senders { get; }

    /// <summary>The keys in force, and the threads that sign.</summary>
    public SigningParts Signing { get; }

    /// <summary>Checks of sender domains, and who may not send for them.</summary>
    public DomainParts Domains { get; }

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

    /// <summary>What receivers ask of TLS.</summary>
    public StsParts Sts { get; }

    public Scheduler Scheduler { get; }

    public LaneWorkers Workers { get; }

    /// <summary>Quotas of the relays and their pauses.</summary>
    public RelayLedger Ledger { get; } = new();

    public SubmissionServer Submission { get; }

    /// <summary>What opening sessions depends on, as it is in force.</summary>
    public OpeningNeeds Needs => _workerParts.Needs;

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

        Sources.Load(snapshot);
        foreach (var relay in relays.All)
        {
            // Lanes to it that have mail follow at their next connection.
            Router.Destinations.Intern(relay);
        }

        _relays.Load(relays);
        LimitTree.Load(LimitsOf(snapshot), LimitDefinitions.ZoneOf(snapshot.Options.TimeZone));
        if (old is not null)
        {
            Sts.Desk.Forget();
        }

        Router.Load(_dns, snapshot);
        Scheduler.Load(Settings(snapshot.Options));
        Current.Swap(snapshot);
        Keys.Load(configuration.Keys!);
        Traffic.Load(snapshot);
        Senders.Load(snapshot);
        Domains.Load(snapshot);
        Seeds.Load(snapshot);
        Outside.Load(configuration.Roots);
        Follow(snapshot);
        if (old is not null)
        {
            await old.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Applies what operators paused, what the configuration does, and what DNS contradicts. Any thread; it is in force on return.</summary>
    public void LoadPauses() => _pauses.Run();

    /// <summary>The listeners' real ports are known only now: delivery never connects to them.</summary>
    public void LoadListeners() => Follow(Current.Value);

    public async ValueTask DisposeAsync()
    {
        await Submission.DisposeAsync().ConfigureAwait(false);
        await _cache.DisposeAsync().ConfigureAwait(false);
        await Sts.DisposeAsync().ConfigureAwait(false);
        await _dns.DisposeAsync().ConfigureAwait(false);
        await Traffic.DisposeAsync().ConfigureAwait(false);
        Scheduler.Dispose();
        Workers.Dispose();
        _logins.Dispose();
        Keys.Dispose();
        Signing.Dispose();
        _relayCounts.Dispose();
        _deliveryMeter.Dispose();
        _feedbackMeter.Dispose();
        Inbound.Dispose();
        TlsReports.Dispose();
        Seeds.Dispose();
        _submissionMetrics.Dispose();
        Domains.Dispose();
    }

    private void ReadPauses()
    {
        Traffic.LoadOverrides();
        Senders.LoadOverrides();
        Dispatcher.Load(PauseTable.Of(Current.Value, Overrides.List(), Domains.Gate.Paused.Keys));
    }

    private AddressDigest DigestOf(Mailbox address) => Suppressions.DigestOf(address);

    private OutcomeReader OutcomesTo(ILoggerFactory loggers)
    {
        return new OutcomeReader(Queue, Traffic.Judge, Sources, Traffic.Hints, Traffic, Current, Notices, _feedbackMeter, Rate, _clock, loggers.CreateLogger<OutcomeReader>())
        {
            Suppressions = Inbound.Suppressions,
            Senders = Senders.Watch,
            RelayAt = (recipient, pool, category) => _relays.DueFor(recipient, Queue.FlowOf(recipient.Flow), pool ?? string.Empty, category),
        };
    }

    private LimitStore StoredLimits(Snapshot snapshot)
    {
        var store = new LimitStore(LimitTree, snapshot.PathTo(Path.Join(snapshot.Options.State, "limits")), _clock);
        if (store.Load() is { } fault)
        {
            DaemonLog.LimitsNotRead(_log, fault);
        }

        LimitTree.Load(LimitsOf(snapshot), LimitDefinitions.ZoneOf(snapshot.Options.TimeZone));
        return store;
    }

    private SubmissionServer DoorOf(RulesInForce rules, QueueStore store, IntakeLedger ledger, DescriptorBudget descriptors, ILoggerFactory loggers)
    {
        var limits = new SubmissionLimits();
        return new SubmissionServer(Current, new SessionParts(rules, _logins, new BlockPool(limits.ContentMemory), store, Signing.MakeSealer, ledger, limits, _clock, loggers.CreateLogger<SubmissionServer>())
        {
            Descriptors = descriptors,
            Meters = new AccountMeters(LimitTree, _clock),
            DigestOf = DigestOf,
            EngagementOf = Senders.EngagementOf,
            StandingOf = Inbound.StandingOfAsync,
            DomainGate = Domains.RefusalFor,
            Feedback = Inbound.Feedback,
        });
    }

    private WorkerParts PartsOfWorkers(Random chance)
    {
        var opener = new SessionOpener(_cache, new HostMemory(_clock, HostMemorySpan), _clock, chance, _deliveryMeter)
        {
            Absent = source => Traffic.Watch.Report(source, SourceFault.AddressNotAvailable),
            Terms = Traffic.Terms,
            Results = TlsReports.Book,
        };
        return new WorkerParts(Queue, Scheduler, Router.Destinations, opener, _relays, _cache, Attempts.Writer, _deliveryMeter, _clock, recipient => Dispatcher.MayGo(recipient), chance, _log)
        {
            RecipientsPerTransaction = Traffic.RecipientsPerTransaction,
            ReturnPaths = new ReturnPaths(Current, Queue, DigestOf, _clock),
            Gate = Inbound.Gate,
            Renewal = new HeadRenewal(Queue, Keys, Signing.Work, _clock),
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
        Keys.Follow(server => rule.Allows(server, Wire.AddressOrigin.Resolved));
        Outside.Load(rule);
        _workerParts.Needs = new OpeningNeeds(_dns, new Wire.Connector(rule, _clock), delivery.Timeouts, delivery.Tls.Policy, delivery.AddressFamily, delivery.Connections.Messages)
        {
            Providers = snapshot.Providers,
            Self = snapshot.Options.Sources.Values.Select(source => source.Ehlo).OfType<string>().Append(snapshot.Options.Hostname).ToHashSet(StringComparer.OrdinalIgnoreCase),
            Dane = delivery.Tls.Dane ? new DaneDesk(_dns.Client) : null,
            Roots = Outside.Roots,
        };
        Domains.Self = [.. Submission.BoundEndPoints.Where(bound => snapshot.Options.Listeners.GetValueOrDefault(bound.Name)?.Role is ListenerRole.Feedback).Select(bound => bound.EndPoint)];
        LoadPauses();
    }
}
