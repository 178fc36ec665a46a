namespace Engine.Configuration;

/// <summary>A sender domain. Key <c>domains.NAME</c>; <c>*</c> holds what all others inherit.</summary>
internal sealed record DomainOptions
{
    /// <summary>Keys that sign for it; empty means those found as <c>dkim/DOMAIN.SELECTOR.pem</c>.</summary>
    public IReadOnlyList<DkimKeyOptions> Dkim { get; init; } = [];

    /// <summary>Domain of return paths of its mail, <c>{domain}</c> stands for the domain's name; it needs an MX record that leads here. Left out, as <c>domains.*</c> says, and without that <c>feedback.returnPath</c>.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>Whether its DNS is checked, and what follows; left out, as <c>domains.*</c> says, and without that it is not.</summary>
    public VerifyOptions? Verify { get; init; }

    /// <summary>How the domain is warmed up; left out, as <c>domains.*</c> says, and without that it is warm.</summary>
    public WarmupOptions? Warmup { get; init; }

    /// <summary>When its keys are rotated; left out, as <c>domains.*</c> says, and without that <c>dkim.rotation</c>.</summary>
    public DomainRotationOptions? Rotation { get; init; }
}
