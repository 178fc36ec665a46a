using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Mail of the engine's own: delivery notices. Key <c>system</c>.</summary>
internal sealed record SystemOptions
{
    /// <summary>Pool it leaves by; default the default pool.</summary>
    public string? Pool { get; init; }

    /// <summary>From header of notices; default <c>mailer-daemon@HOSTNAME</c>.</summary>
    [Form(TextForm.Mailbox)]
    public string? From { get; init; }

    /// <summary>Who gets notices is told once when mail is late by this, from acceptance. From 0s (never) to 14d; default 4h.</summary>
    [Between("0s", "14d")]
    public TimeSpan DelayNotice { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Notices made; more wait. Default 10/s.</summary>
    public Rate Rate { get; init; } = Configuration.Rate.PerSecondOf(10);
}
