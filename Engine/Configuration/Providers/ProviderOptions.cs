using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>One provider as it is written. Key <c>providers.ID</c> of the provider data.</summary>
internal sealed record ProviderOptions
{
    /// <summary>For people.</summary>
    [Required]
    public string Name { get; init; } = string.Empty;

    /// <summary>
    /// How its hosts are recognised: <c>.google.com</c> (any host below), <c>mx.example.net</c> (that host and any below it), or <c>regex:^…$</c> over the
    /// host's name in lower case. The longest suffix wins; patterns are asked last.
    /// </summary>
    [Required]
    public IReadOnlyList<string> Mx { get; init; } = [];

    /// <summary>Recipient domains that are the provider's, before their exchangers are known.</summary>
    [Form(TextForm.Domain)]
    public IReadOnlyList<string> Domains { get; init; } = [];

    public RollUp Rollup { get; init; }

    public ProviderLimits Limits { get; init; } = new();

    /// <summary>Schedules for this provider alone; they win over <c>delivery.retry</c>.</summary>
    public IReadOnlyDictionary<RetryKind, RetrySchedule> Retry { get; init; } = new Dictionary<RetryKind, RetrySchedule>();

    /// <summary>Asked in this order, before the generic ones.</summary>
    public IReadOnlyList<RuleOptions> Rules { get; init; } = [];

    /// <summary>Where the limits are from, for people.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>; for people.</summary>
    [OneOf("high", "medium", "low")]
    public string Confidence { get; init; } = "high";

    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>Its feedback loop, for people.</summary>
    public string? Complaints { get; init; }
}
