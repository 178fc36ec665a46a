using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Engine.Classification;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Delivery;
using Engine.Dns;
using Engine.Feedback;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Control;
using Engine.Reputation.Sources;
using Engine.Reputation.Steering;
using Engine.Reputation.Warmup;
using Engine.Scheduling;

namespace Engine.Daemon;

/// <summary>The parts that find the right rate from the right address: control, warm-up, block lists, source monitor and the helm over them.</summary>
internal sealed class TrafficParts : IAsyncDisposable, IListWatch
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly SourceMap _sources;
    private readonly CurrentSnapshot _current;
    private readonly Overrides _overrides;
    private readonly IEvents _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly List<DnsClient> _listDns = [];
    private DnsOptions _dnsOptions;
    private readonly HelmMeter _meter;
    private readonly LastingLoop _loops;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Everything made here is kept in a field and disposed of with this.")]
    public TrafficParts(CurrentSnapshot current, SourceMap sources, LimitTree limits, Overrides overrides, IEvents events, Random chance, TimeProvider clock, ILoggerFactory loggers)
    {
        (_current, _sources, _overrides, _events, _clock) = (current, sources, overrides, events, clock);
        _log = loggers.CreateLogger<TrafficParts>();
        _loops = new LastingLoop(clock, _log);
        var options = current.Value.Options;
        Control = new TrafficControl(new ControlFrame(limits, sources, () => _current.Value.Options.Delivery.Connections), options.Delivery.Control);
        SourceWarmup = new WarmupBook(WarmupSubject.Source, SetupOf(current.Value));
        DomainWarmup = new WarmupBook(WarmupSubject.SenderDomain, WarmupSetup.OfDomains(options));
        Active = new ActiveSenders(clock);
        _dnsOptions = options.Dns;
        _listDns.Add(ListAsker.ClientOf(options.Dns, clock, new UnguessableRandom()));
        Lists = new BlocklistChecker(new ListAsker(_listDns[0], clock), Active, events, clock, loggers.CreateLogger<BlocklistChecker>());
        Monitor = new SourceMonitor(new HostInterfaces());
        Watch = new SourceWatch(Monitor, Tell, clock, loggers.CreateLogger<SourceWatch>());
        Helm = new Helm(new HelmParts
        {
            Limits = limits,
            Control = Control,
            SourceWarmup = SourceWarmup,
            DomainWarmup = DomainWarmup,
            Monitor = Monitor,
            Events = events,
            Clock = clock,
            Listing = Lists.QuarantineOf,
            ListingVersion = () => Lists.Version,
        });
        Lanes = new SteeredLanes(Helm);
        Hints = new SourceHints(clock);
        Terms = new ReceiverTerms(clock);
        Classifier = new ReplyClassifier(current.Value.Providers);
        Judge = new OutcomeJudge(Classifier, new RetryPlanner(chance), new SuppressionBreaker(), Helm);
        Judge.Doubted += Doubt;
        Helm.Requested += Follow;
        _meter = new HelmMeter(Helm, sources, name => _current.Value.Providers.Find(OperatorName.ProviderIn(name)) is not null, clock);
        Load(current.Value);
        LoadOverrides();
    }

    /// <summary>Says what replies mean.</summary>
    public ReplyClassifier Classifier { get; }

    public TrafficControl Control { get; }

    public WarmupBook SourceWarmup { get; }

    public WarmupBook DomainWarmup { get; }

    /// <summary>Who sent in the last hour: block lists are asked about them.</summary>
    public ActiveSenders Active { get; }

    public BlocklistChecker Lists { get; }

    public SourceMonitor Monitor { get; }

    public SourceWatch Watch { get; }

    public Helm Helm { get; }

    /// <summary>What the helm says, for the scheduler.</summary>
    public SteeredLanes Lanes { get; }

    public SourceHints Hints { get; }

    /// <summary>What receivers have told us to do differently.</summary>
    public ReceiverTerms Terms { get; }

    public OutcomeJudge Judge { get; }

    /// <summary>What is kept over a restart.</summary>
    public IReadOnlyList<KeptState> States =>
    [
        KeptState.OfStream("control", stream => Control.Save(stream, _clock.GetUtcNow()), stream =>
        {
            Control.Load(stream, _clock.GetUtcNow());
            Helm.Restore();
        }),
        KeptState.OfStream("blocklists", stream => stream.Write(Lists.Save()), stream =>
        {
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            Lists.Restore(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }),
        OfWarmup("warmup-sources", SourceWarmup),
        OfWarmup("warmup-domains", DomainWarmup),
    ];

    /// <summary>A reload: nothing that was learned is lost.</summary>
    public void Load(Snapshot snapshot)
    {
        Classifier.Use(snapshot.Providers);
        Control.Load(snapshot.Options.Delivery.Control);
        SourceWarmup.Load(SetupOf(snapshot));
        DomainWarmup.Load(WarmupSetup.OfDomains(snapshot.Options));
        Lists.Load(snapshot.Options.Blocklists, BlocklistLoader.Load(snapshot, out _), _sources);
        UseDns(snapshot.Options.Dns);
        Monitor.Load(_sources.Sources);
        Watch.Wake();
        Helm.Reweigh();
    }

    /// <summary>Takes operators' orders: at the start, and whenever overrides change.</summary>
    public void LoadOverrides()
    {
        var inForce = _overrides.List();
        SourceWarmup.Apply(inForce, _clock.GetUtcNow());
        Helm.Orders.Load(inForce);
        Helm.Reweigh();
    }

    /// <summary>Whether a source may send to an operator at all now.</summary>
    public bool MaySend(Source source, string operatorId) => Helm.ShareOf(source, operatorId) > 0;

    /// <summary>What was learned, else what is known of the provider.</summary>
    public int RecipientsPerTransaction(string source, string operatorId) =>
        Control.Of(new ControlKey(FlowScope.SourceAtProvider, operatorId, source)).RecipientsPerTransaction
        ?? _current.Value.Providers.Find(OperatorName.ProviderIn(operatorId))?.Limits.RecipientsPerTransaction
        ?? Batch.MaxRecipients;

    /// <summary>The resolver says of most domains that they do not exist.</summary>
    public void DoubtResolver() => _events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = _clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = "resolver",
        Rule = "resolver/doubt",
        Reason = "the resolver says of most domains that they do not exist: mail to them waits, nobody is bounced for it",
    });

    public void Sent(Source source, DomainName senderDomain) => Active.Sent(source.Name, source.Address, senderDomain);

    public void Heard(Source source, DomainName senderDomain, string reply) => Lists.RecheckNamed(source.Name, senderDomain, reply);

    /// <summary>Runs the loops until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(BeatAsync(stop), _loops.RunAsync("block lists", Lists.RunAsync, stop), _loops.RunAsync("source watch", Watch.RunAsync, stop));

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        Watch.Dispose();
        Lists.Dispose();
        foreach (var client in _listDns)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Questions on their way end with their own client; it is disposed of at the end.
    private void UseDns(DnsOptions options)
    {
        if (options.Servers.SequenceEqual(_dnsOptions.Servers) && options.Timeout == _dnsOptions.Timeout)
        {
            return;
        }

        _dnsOptions = options;
        var client = ListAsker.ClientOf(options, _clock, new UnguessableRandom());
        _listDns.Add(client);
        Lists.Use(new ListAsker(client, _clock));
    }

    private void Follow(ControlChange change)
    {
        if (change.Request is { Operation: FlowOperation.RecheckBlocklists } && change.Key.Scope is FlowScope.SourceAtProvider or FlowScope.Source)
        {
            Lists.RecheckNow(change.Key.Subject, zone: null);
        }
        else if (change.Request is { } request)
        {
            Terms.Take(request, change.Key.Operator);
        }
    }

    private void Doubt(FuseOpened fuse) => _events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = _clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = "suppression-breaker",
        Provider = fuse.Kind is FuseKind.Operator ? fuse.Name : null,
        Account = fuse.Kind is FuseKind.Account ? fuse.Name : null,
        Reason = $"{fuse.Share:P0} of the last RCPT replies would suppress: nobody is suppressed until that is over; a provider's incident, a bad list, or a wrong rule",
    });

    private static WarmupSetup SetupOf(Snapshot snapshot) => WarmupSetup.OfSources(
        snapshot.Options,
        snapshot.Providers.Providers.Where(provider => provider.Limits.NewSource is not null).ToFrozenDictionary(provider => provider.Id, provider => (int)(provider.Limits.NewSource!.Value.PerSecond * 3_600)));

    private KeptState OfWarmup(string name, WarmupBook book) => new(
        name,
        path => new WarmupFile(path).Save(book, _clock.GetUtcNow()),
        path =>
        {
            if (new WarmupFile(path).Load(book, _clock.GetUtcNow()) is { } fault)
            {
                DaemonLog.StateNotRead(_log, path, fault);
            }
        });

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: one turn that fails must not end all others; the log says so.")]
    private async Task BeatAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(Beat, _clock);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await beat.WaitForNextTickAsync(stop).ConfigureAwait(false);
                Helm.Tick();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception fault)
            {
                DaemonLog.HelmFailed(_log, fault);
            }
        }
    }

    private void Tell(IReadOnlyList<SourceChange> changes)
    {
        foreach (var change in changes)
        {
            _events.Write(change.ToEvent());
        }

        Helm.Reweigh();
    }
}
