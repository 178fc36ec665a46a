using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Checks of a sender domain's DNS (DKIM record, SPF of the return path, alignment), hourly. Key <c>domains.NAME.verify</c>; left out, as <c>domains.*</c> says, and without that <c>off</c>.</summary>
internal sealed record VerifyOptions
{
    /// <summary>
    /// <c>required</c>: a domain that DNS contradicts for longer than <c>grace</c> is paused; <c>advise</c>: alerts only; <c>off</c>: nothing is asked. Default required: who writes the key means it.
    /// Mail of the built-in account <c>local</c> and of the engine's own is never held for it.
    /// </summary>
    public VerifyLevel Level { get; init; } = VerifyLevel.Required;

    /// <summary>How long DNS must have contradicted, as observed, before the domain is paused. From 0s (at the first contradiction) to 30d; default 24h: zones are mended in a day, and most caches forget in one.</summary>
    [Between("0s", "30d")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);
}
