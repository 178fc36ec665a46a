using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How the daemon stops. Key <c>shutdown</c>.</summary>
internal sealed record ShutdownOptions
{
    /// <summary>How long pending final dots are waited for; then they become uncertain. From 0s to 15m; default 60s.</summary>
    [Between("0s", "15m")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);
}
