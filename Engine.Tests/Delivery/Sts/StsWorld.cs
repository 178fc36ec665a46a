using Engine.Configuration;
using Engine.Delivery.Sts;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Delivery.Sts;

/// <summary>A desk with a name server and web servers that say what the test says, and count who asks.</summary>
internal sealed class StsWorld : IStsFetch, ITlsResults, IEvents, IAsyncDisposable
{
    private readonly Dictionary<string, DnsAnswer> _texts = [];
    private readonly Dictionary<string, StsFetched> _pages = [];
    private TaskCompletionSource? _gate;
    private TaskCompletionSource? _dnsGate;
    private int _questions;
    private int _fetches;
    private int _atOnce;

    public StsWorld(DeliveryTlsOptions? options = null, StsPolicies? policies = null)
    {
        Policies = policies ?? new StsPolicies(1_000, 1_000_000);
        Current = new CurrentSnapshot(new Snapshot(new EngineOptions { Hostname = "mta.example", Dns = new DnsOptions { Cache = 1_000 }, Delivery = new DeliveryOptions { Tls = options ?? new DeliveryTlsOptions() } }));
        Desk = new StsDesk(Current, AskAsync, this, Policies, Clock, new Random(1), NullLogger.Instance) { Results = this, Events = this };
    }

    public ManualClock Clock { get; } = new();

    public CurrentSnapshot Current { get; }

    public StsPolicies Policies { get; }

    public StsDesk Desk { get; }

    public int Questions => _questions;

    public int Fetches => _fetches;

    /// <summary>Fetches on their way.</summary>
    public int AtOnce => _atOnce;

    /// <summary>Whose policy hosts hang for ever.</summary>
    public Predicate<DomainName> Hangs { get; set; } = static _ => false;

    public List<TlsResult> Results { get; } = [];

    public List<Event> Alerts { get; } = [];

    /// <summary>The domain's TXT record, with a TTL of an hour if not said otherwise; null for none.</summary>
    public void Show(string domain, string? id, LookupStatus status = LookupStatus.NoData, TimeSpan? life = null) =>
        _texts[$"_mta-sts.{domain}"] = id is null
            ? new DnsAnswer(status, [], IsAuthentic: false, Clock.GetUtcNow().AddMinutes(15))
            : new DnsAnswer(LookupStatus.Found, [new DnsRecord.Text($"v=STSv1; id={id};")], IsAuthentic: false, Clock.GetUtcNow() + (life ?? TimeSpan.FromHours(1)));

    public void Serve(string domain, StsMode mode, TimeSpan? age = null, params string[] patterns) =>
        _pages[domain] = new StsFetched(new StsPolicy(mode, age ?? TimeSpan.FromDays(7)) { Patterns = mode is StsMode.None ? [] : patterns.Length > 0 ? patterns : [$"mx.{domain}"] }, TlsFailure.None, string.Empty);

    public void Break(string domain, TlsFailure failure = TlsFailure.StsPolicyFetch) => _pages[domain] = StsFetched.Failed(failure, "broken");

    /// <summary>Fetches wait until <see cref="Open"/>.</summary>
    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate!.SetResult();

    /// <summary>DNS answers wait until <see cref="OpenDns"/>.</summary>
    public void CloseDns() => _dnsGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void OpenDns() => _dnsGate!.SetResult();

    /// <summary>Asks as the router does.</summary>
    public ValueTask<TlsRequirement> FindAsync(string domain, bool isAuthentic = false, CancellationToken stop = default) =>
        Desk.FindAsync(DomainName.Parse(domain), new MxAnswer(LookupStatus.Found, [], IsImplicit: false, isAuthentic, DateTimeOffset.MaxValue), stop);

    /// <summary>Until no question and no fetch is on its way.</summary>
    public async Task LandedAsync()
    {
        while (Desk.Flights > 0)
        {
            await Task.Yield();
        }
    }

    public async ValueTask<StsFetched> FetchAsync(DomainName domain, CancellationToken stop)
    {
        Interlocked.Increment(ref _fetches);
        Interlocked.Increment(ref _atOnce);
        if (_gate is { } gate)
        {
            await gate.Task.WaitAsync(stop);
        }

        if (Hangs(domain))
        {
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }

        Interlocked.Decrement(ref _atOnce);
        return _pages.GetValueOrDefault(domain.Name, StsFetched.Failed(TlsFailure.StsPolicyFetch, "nothing there"));
    }

    public void Record(in TlsResult result)
    {
        lock (Results)
        {
            Results.Add(result);
        }
    }

    public void Write(in Event line) => Alerts.Add(line);

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    private async Task<DnsAnswer> AskAsync(DomainName name, CancellationToken stop)
    {
        Interlocked.Increment(ref _questions);
        if (_dnsGate is { } gate)
        {
            await gate.Task.WaitAsync(stop);
        }

        return _texts.GetValueOrDefault(name.Name) ?? new DnsAnswer(LookupStatus.NoSuchDomain, [], IsAuthentic: false, Clock.GetUtcNow().AddMinutes(15));
    }
}
