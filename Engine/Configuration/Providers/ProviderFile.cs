using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>A file of provider data as it is written: the shipped one, or the operator's (<c>providers.file</c>).</summary>
internal sealed record ProviderFile
{
    /// <summary>Of the format. 1.</summary>
    [Required]
    [Between(1, 1)]
    public int Version { get; init; } = 1;

    /// <summary>
    /// <c>shipped</c>: the shipped data holds but for what stands here. Categories, schedules, sources and providers are replaced or added by name, a provider as a
    /// whole; a generic rule replaces the shipped one of its id in its place, new ones are asked before the shipped ones. Default none: this file is all there is.
    /// </summary>
    [OneOf("shipped")]
    public string? Extends { get; init; }

    /// <summary>The day it was made, for people.</summary>
    public string Generated { get; init; } = string.Empty;

    /// <summary>For people.</summary>
    public string About { get; init; } = string.Empty;

    /// <summary>Where facts are from, by the name rules use.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();

    /// <summary>Retry schedules, where engine.json writes none.</summary>
    public IReadOnlyDictionary<RetryKind, RetrySchedule> Schedules { get; init; } = new Dictionary<RetryKind, RetrySchedule>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, CategoryOptions> Categories { get; init; } = new Dictionary<string, CategoryOptions>();

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, ProviderOptions> Providers { get; init; } = new Dictionary<string, ProviderOptions>();

    /// <summary>The generic rules, asked in this order after the provider's own.</summary>
    public IReadOnlyList<RuleOptions> Rules { get; init; } = [];
}
