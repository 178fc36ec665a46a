using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>
/// When a deferred recipient is tried again. Key <c>delivery.retry</c>. What is written here wins over the schedules of the provider data; a provider's
/// own <c>retry</c> wins over both.
/// </summary>
internal sealed record RetryOptions
{
    /// <summary>After the first, second … failure; <c>x*</c> repeats the last for ever, <c>x3</c> three times.</summary>
    public RetrySchedule Default { get; init; } = RetrySchedule.Parse("2m", "5m", "15m", "30m", "1h", "2h", "4h x*");

    /// <summary>After connection limits and closed sessions.</summary>
    public RetrySchedule Short { get; init; } = RetrySchedule.Parse("30s x3");

    /// <summary>After greylisting; from the same source.</summary>
    public RetrySchedule Greylist { get; init; } = RetrySchedule.Parse("65s", "3m", "5m", "10m", "20m", "1h x*");

    /// <summary>The recipient is over quota. Default 12h, 24h, 34h: three tries within <c>giveUp.mailboxFull</c>, for people clear mailboxes by the day.</summary>
    public RetrySchedule MailboxFull { get; init; } = RetrySchedule.Parse("12h", "24h", "34h");

    /// <summary>This one recipient gets mail too fast. Default every hour: providers count by the hour.</summary>
    public RetrySchedule RecipientRate { get; init; } = RetrySchedule.Parse("1h x*");

    /// <summary>
    /// A provider limits us. Default <c>controller</c>: when control's pause for the scope ends; without a pause the provider data's delays. Only here may
    /// <c>controller</c> stand.
    /// </summary>
    public RetrySchedule Throttled { get; init; } = RetrySchedule.Controller;

    /// <summary>A source is blocked or listed. Default 1h, then 4h twice: listings last for hours, and each try from a listed source makes it worse.</summary>
    public RetrySchedule Blocked { get; init; } = RetrySchedule.Parse("1h", "4h x2");

    /// <summary>Share by which each delay varies either way. From 0 to 0.5; default 0.1.</summary>
    [Between(0, 0.5)]
    public double Jitter { get; init; } = 0.1;

    /// <summary>The schedule of that name; <see cref="RetryKind.Uncertain"/> goes by the default one.</summary>
    public RetrySchedule Of(RetryKind kind) => kind switch
    {
        RetryKind.Short => Short,
        RetryKind.Greylist => Greylist,
        RetryKind.MailboxFull => MailboxFull,
        RetryKind.RecipientRate => RecipientRate,
        RetryKind.Throttled => Throttled,
        RetryKind.Blocked => Blocked,
        _ => Default,
    };

    /// <summary>The same with another schedule of that name.</summary>
    public RetryOptions With(RetryKind kind, RetrySchedule schedule) => kind switch
    {
        RetryKind.Short => this with { Short = schedule },
        RetryKind.Greylist => this with { Greylist = schedule },
        RetryKind.MailboxFull => this with { MailboxFull = schedule },
        RetryKind.RecipientRate => this with { RecipientRate = schedule },
        RetryKind.Throttled => this with { Throttled = schedule },
        RetryKind.Blocked => this with { Blocked = schedule },
        _ => this with { Default = schedule },
    };
}
