using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>engine.json as it was read: every key that works now, with its default. Immutable.</summary>
internal sealed record EngineOptions
{
    /// <summary>Default EHLO name, name in Received, right side of Message-ID. No default: every engine has a name.</summary>
    [Required]
    [Form(TextForm.Domain)]
    public string Hostname { get; init; } = string.Empty;

    /// <summary>Number of this engine in a fleet, part of every message id. From 1 to 4095; default 1. A change needs a restart.</summary>
    [Between(1, 4_095)]
    [NeedsRestart]
    public int Node { get; init; } = 1;

    /// <summary>Where days begin, for quotas, volumes per day and warm-up: an IANA name such as <c>Europe/Berlin</c>. Default <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Directory of everything durable. Default <c>/var/lib/engine</c>. A change needs a restart.</summary>
    [NeedsRestart]
    [Form(TextForm.Path)]
    public string State { get; init; } = "/var/lib/engine";

    /// <summary>More files, by pattern relative to this file; each key may come from one file only.</summary>
    [Form(TextForm.Path)]
    public IReadOnlyList<string> Include { get; init; } = [];

    public QueueOptions Queue { get; init; } = new();

    public ShutdownOptions Shutdown { get; init; } = new();

    [Required]
    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, ListenerOptions> Listeners { get; init; } = new Dictionary<string, ListenerOptions>();

    public TlsOptions? Tls { get; init; }

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, InjectorOptions> Injectors { get; init; } = new Dictionary<string, InjectorOptions>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, AccountOptions> Accounts { get; init; } = new Dictionary<string, AccountOptions>();

    [Keys(KeyForm.Domain)]
    public IReadOnlyDictionary<string, DomainOptions> Domains { get; init; } = new Dictionary<string, DomainOptions>();

    public DkimOptions Dkim { get; init; } = new();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, SourceOptions> Sources { get; init; } = new Dictionary<string, SourceOptions>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, PoolOptions> Pools { get; init; } = new Dictionary<string, PoolOptions>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, WarmupPlanOptions> WarmupPlans { get; init; } = new Dictionary<string, WarmupPlanOptions>();

    [Keys(KeyForm.NamePath)]
    public IReadOnlyDictionary<string, LimitOptions> Limits { get; init; } = new Dictionary<string, LimitOptions>();

    public ProvidersOptions Providers { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    [Keys(KeyForm.Domain)]
    public IReadOnlyDictionary<string, RouteOptions> Routes { get; init; } = new Dictionary<string, RouteOptions>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, RelayOptions> Relays { get; init; } = new Dictionary<string, RelayOptions>();

    public DnsOptions Dns { get; init; } = new();

    public BlocklistOptions Blocklists { get; init; } = new();

    public SuppressionOptions Suppression { get; init; } = new();

    public FeedbackOptions Feedback { get; init; } = new();

    public BrakesOptions Brakes { get; init; } = new();

    public ScoreOptions Score { get; init; } = new();

    public EngagementOptions Engagement { get; init; } = new();

    public SystemOptions System { get; init; } = new();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, SeedOptions> Seeds { get; init; } = new Dictionary<string, SeedOptions>();

    public AdminOptions Admin { get; init; } = new();

    public EventsOptions Events { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();
}
