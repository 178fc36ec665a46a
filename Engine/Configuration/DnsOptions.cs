using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>The resolver we ask. Key <c>dns</c>. Run one on this host: block lists and DNSSEC need it.</summary>
internal sealed record DnsOptions
{
    /// <summary>Addresses with port. Default <c>127.0.0.1:53</c>.</summary>
    [NotEmpty]
    [Form(TextForm.Server)]
    public IReadOnlyList<string> Servers { get; init; } = ["127.0.0.1:53"];

    /// <summary>For one question, all tries included. From 100ms to 1m; default 5s.</summary>
    [Between("100ms", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Answers kept. From 100 to 100 000 000; default 1 000 000.</summary>
    [Between(100, 100_000_000)]
    public int Cache { get; init; } = 1_000_000;

    /// <summary>Whether the AD bit counts; honoured for loopback resolvers only. Default true.</summary>
    public bool TrustAd { get; init; } = true;
}
