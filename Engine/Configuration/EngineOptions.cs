namespace Engine.Configuration;

/// <summary>engine.json as it was read: every key that works now, with its default. Immutable.</summary>
internal sealed record EngineOptions
{
    /// <summary>Default EHLO name, name in Received, right side of Message-ID. No default: every engine has a name.</summary>
    public string Hostname { get; init; } = string.Empty;

    /// <summary>Number of this engine in a fleet, part of every message id. From 1 to 4095; default 1.</summary>
    public int Node { get; init; } = 1;

    /// <summary>Directory of everything durable. Default <c>/var/lib/engine</c>. A change needs a restart.</summary>
    public string State { get; init; } = "/var/lib/engine";

    /// <summary>More files, by pattern relative to this file; each key may come from one file only.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    public QueueOptions Queue { get; init; } = new();

    public ShutdownOptions Shutdown { get; init; } = new();

    public IReadOnlyDictionary<string, ListenerOptions> Listeners { get; init; } = new Dictionary<string, ListenerOptions>();

    public TlsOptions? Tls { get; init; }

    public IReadOnlyDictionary<string, InjectorOptions> Injectors { get; init; } = new Dictionary<string, InjectorOptions>();

    public IReadOnlyDictionary<string, AccountOptions> Accounts { get; init; } = new Dictionary<string, AccountOptions>();

    public IReadOnlyDictionary<string, DomainOptions> Domains { get; init; } = new Dictionary<string, DomainOptions>();

    public DkimOptions Dkim { get; init; } = new();

    public IReadOnlyDictionary<string, SourceOptions> Sources { get; init; } = new Dictionary<string, SourceOptions>();

    public IReadOnlyDictionary<string, PoolOptions> Pools { get; init; } = new Dictionary<string, PoolOptions>();

    public IReadOnlyDictionary<string, LimitOptions> Limits { get; init; } = new Dictionary<string, LimitOptions>();

    public DeliveryOptions Delivery { get; init; } = new();

    public IReadOnlyDictionary<string, RouteOptions> Routes { get; init; } = new Dictionary<string, RouteOptions>();

    public DnsOptions Dns { get; init; } = new();

    public SystemOptions System { get; init; } = new();

    public AdminOptions Admin { get; init; } = new();

    public EventsOptions Events { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();
}
