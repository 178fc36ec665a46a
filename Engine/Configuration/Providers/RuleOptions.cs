using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>One rule as it is written: the first whose pattern matches a reply decides.</summary>
internal sealed record RuleOptions
{
    /// <summary>Its name in events: <c>google.4728_ip</c>. One of its kind in the whole data.</summary>
    [Required]
    public string Id { get; init; } = string.Empty;

    /// <summary>
    /// .NET regexes over <c>code enhanced text</c> on one line; one of them must match. Case does not count. NonBacktracking, so no look-around and no
    /// back-references; many short ones are faster than one long one.
    /// </summary>
    [Required]
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Only replies of this code (<c>421</c>) or kind (<c>4xx</c>, <c>5xx</c>); default any.</summary>
    public string? Code { get; init; }

    /// <summary>A key of <c>categories</c>.</summary>
    [Required]
    public string Category { get; init; } = string.Empty;

    /// <summary>Default the category's.</summary>
    [OneOf("retry", "retry-other-source", "retry-other-mx", "retry-tls", "reconnect", "split", "fail", "suppress")]
    public string? Disposition { get; init; }

    /// <summary>Default the category's.</summary>
    public RetryKind? Schedule { get; init; }

    /// <summary>Default the category's.</summary>
    public AlertLevel? Alert { get; init; }

    /// <summary>Default the category's: whether several hits over days may suppress the recipient.</summary>
    public bool? Strike { get; init; }

    /// <summary>What it does to the flow of mail; default nothing.</summary>
    public IReadOnlyList<FlowOptions> Flow { get; init; } = [];

    /// <summary>Where it is from: keys of <c>sources</c>.</summary>
    [Required]
    public IReadOnlyList<string> Source { get; init; } = [];

    /// <summary>A reply it decides.</summary>
    [Required]
    public string Sample { get; init; } = string.Empty;

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>; for people. Default high.</summary>
    [OneOf("high", "medium", "low")]
    public string Confidence { get; init; } = "high";

    /// <summary>For people.</summary>
    public string? Note { get; init; }
}
