using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>What comes back: bounces, complaints, auto-replies, unsubscriptions. Key <c>feedback</c>. Needs a listener of role <c>feedback</c>, and an MX record of <c>returnPath</c> that leads to it.</summary>
internal sealed record FeedbackOptions
{
    /// <summary>Keys of tokens. Without them there are none, and <c>verp</c> is off.</summary>
    public TokenKeyOptions? TokenKeys { get; init; }

    /// <summary>Domain of return paths that <c>domains.*.returnPath</c> does not give; default <c>bounce.HOSTNAME</c>.</summary>
    [Form(TextForm.Domain)]
    public string? ReturnPath { get; init; }

    /// <summary>Default <c>recipient</c> where there are <c>tokenKeys</c>, else <c>off</c>.</summary>
    public Verp? Verp { get; init; }

    /// <summary>How long a bounce to a return path is believed. From 1d to 365d; default 14d, longer than any queue.</summary>
    [Between("1d", "365d")]
    public TimeSpan VerpLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long an unsubscribe link or a complaint's token is believed. From 30d to 3650d; default 730d: people clean up old mail.</summary>
    [Between("30d", "3650d")]
    public TimeSpan UnsubscribeLifetime { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Addresses that providers' feedback loops report to; the first stands in <c>CFBL-Address</c>.</summary>
    [Form(TextForm.Mailbox)]
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary><c>postmaster</c> and <c>abuse</c> → where mail to them at our names goes (RFC 2142).</summary>
    [Form(TextForm.Mailbox)]
    public IReadOnlyDictionary<string, string> Forward { get; init; } = new Dictionary<string, string>();

    public UnparsedOptions Unparsed { get; init; } = new();

    public UnsubscribeOptions? Unsubscribe { get; init; }
}
