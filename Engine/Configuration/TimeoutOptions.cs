using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How long each step of a delivery may take. Key <c>delivery.timeouts</c>. RFC 5321 §4.5.3.2; each from 1s to 1h.</summary>
internal sealed record TimeoutOptions
{
    /// <summary>Default 30s.</summary>
    [Between("1s", "1h")]
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Default 5m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, STARTTLS and its handshake. Default 5m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Ehlo { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Default 5m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Default 5m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Rcpt { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Default 2m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>One write of content. Default 3m.</summary>
    [Between("1s", "1h")]
    public TimeSpan Block { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply to the final dot. Default 10m: shorter makes duplicates.</summary>
    [Between("1s", "1h")]
    public TimeSpan Dot { get; init; } = TimeSpan.FromMinutes(10);
}
