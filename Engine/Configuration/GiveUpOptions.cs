using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>How long a recipient is tried, from acceptance. Key <c>delivery.giveUp</c>. A stream's value wins. Each from 1m to 14d.</summary>
internal sealed record GiveUpOptions
{
    /// <summary>Default 24h: a receipt of yesterday is worth little.</summary>
    [Between("1m", "14d")]
    public TimeSpan Transactional { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Default 72h.</summary>
    [Between("1m", "14d")]
    public TimeSpan Marketing { get; init; } = TimeSpan.FromHours(72);

    /// <summary>After a reply of category <c>mailbox_full</c>, for either class. Default 73h: the whole of <c>retry.mailboxFull</c> and an hour.</summary>
    [Between("1m", "14d")]
    public TimeSpan MailboxFull { get; init; } = TimeSpan.FromHours(73);

    /// <summary>How long a recipient is tried. A category's value wins over the class's.</summary>
    /// <param name="streamClass">The mail's class.</param>
    /// <param name="last">Category of the last failure; the default value before there was one.</param>
    public TimeSpan Of(StreamClass streamClass, Category last = default) => (last.Id, streamClass) switch
    {
        ("mailbox_full", _) => MailboxFull,
        (_, StreamClass.Transactional) => Transactional,
        _ => Marketing,
    };
}
