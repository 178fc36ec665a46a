using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>A category: what its rules do unless they say otherwise. Key <c>categories.NAME</c> of the provider data.</summary>
internal sealed record CategoryOptions
{
    [Required]
    public CategoryClass Class { get; init; }

    [Required]
    [OneOf("retry", "retry-other-source", "retry-other-mx", "retry-tls", "reconnect", "split", "fail", "suppress")]
    public string Disposition { get; init; } = "retry";

    public RetryKind Schedule { get; init; }

    public AlertLevel Alert { get; init; }

    /// <summary>Whether several hits over days may suppress the recipient. Default false.</summary>
    public bool Strike { get; init; }

    /// <summary>What it means, for people.</summary>
    public string About { get; init; } = string.Empty;
}
