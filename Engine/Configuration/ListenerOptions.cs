using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One place where mail comes in. Key <c>listeners.NAME</c>.</summary>
internal sealed record ListenerOptions
{
    /// <summary>Addresses with port, <c>127.0.0.1:587</c> or <c>[::1]:587</c>. At least one; port 0 picks a free one.</summary>
    [Required]
    [Form(TextForm.Endpoint)]
    public IReadOnlyList<string> Bind { get; init; } = [];

    public ListenerRole Role { get; init; } = ListenerRole.Submission;

    /// <summary>Default <c>starttls</c> where <c>tls</c> is configured, else <c>off</c>.</summary>
    public ListenerTls? Tls { get; init; }

    /// <summary>Default <c>required</c>. <c>none</c> asks for <c>clients</c> or loopback binds.</summary>
    public ListenerAuth Auth { get; init; } = ListenerAuth.Required;

    /// <summary>Account of unauthenticated clients; default the built-in <c>local</c>.</summary>
    public string Account { get; init; } = "local";

    /// <summary>Networks that may connect, as CIDR; empty means any (with <c>auth: required</c>) or loopback (with <c>auth: none</c>).</summary>
    [Form(TextForm.Network)]
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Connections open at once. From 1 to 100 000; default 1000.</summary>
    [Between(1, 100_000)]
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Connections open at once from one client address. From 1 to 100 000; default 500.</summary>
    [Between(1, 100_000)]
    public int MaxConnectionsPerClient { get; init; } = 500;
}
