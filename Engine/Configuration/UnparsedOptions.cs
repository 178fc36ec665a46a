using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>What becomes of mail to our feedback addresses that nothing could be read from. Key <c>feedback.unparsed</c>.</summary>
internal sealed record UnparsedOptions
{
    /// <summary>How long it is kept for <c>feedback ls --unparsed</c>. From 0s (not at all) to 90d; default 30d.</summary>
    [Between("0s", "90d")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);
}
