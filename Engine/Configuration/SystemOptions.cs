using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Mail of the engine's own: delivery notices, TLS reports. Key <c>system</c>.</summary>
internal sealed record SystemOptions
{
    /// <summary>Pool it leaves by; default the default pool.</summary>
    public string? Pool { get; init; }

    /// <summary>From header of notices and TLS reports; default <c>mailer-daemon@HOSTNAME</c>. Its domain needs a DKIM key, or no TLS report goes by mail.</summary>
    [Form(TextForm.Mailbox)]
    public string? From { get; init; }

    /// <summary>Who gets notices is told once when mail is late by this, from acceptance. From 0s (never) to 14d; default 4h.</summary>
    [Between("0s", "14d")]
    public TimeSpan DelayNotice { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Who sends, in words, for TLS reports (<c>organization-name</c>, RFC 8460); default the hostname.</summary>
    [NotEmpty]
    public string? Organization { get; init; }

    /// <summary>Whom receivers may ask about TLS reports (<c>contact-info</c>, RFC 8460): an address or other words; default the From address.</summary>
    [NotEmpty]
    public string? Contact { get; init; }

    /// <summary>Notices and TLS reports made, each of the two; more wait. Default 10/s.</summary>
    public Rate Rate { get; init; } = Configuration.Rate.PerSecondOf(10);
}
