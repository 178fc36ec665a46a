using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>A kind of mail of an account. Key <c>accounts.NAME.streams.NAME</c>.</summary>
internal sealed record StreamOptions
{
    public StreamClass Class { get; init; } = StreamClass.Marketing;

    /// <summary>Pool it leaves by; default the first pool of its class, or the default pool.</summary>
    public string? Pool { get; init; }

    /// <summary>Gives up after; default <c>delivery.giveUp</c> of the class. From 1m to 14d.</summary>
    [Between("1m", "14d")]
    public TimeSpan? GiveUp { get; init; }
}
