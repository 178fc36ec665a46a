using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>How well accounts and sender domains behave, 0 to 100, and what follows from it. Key <c>score</c>. Only accounts are isolated or paused: a sender domain raises an alert and no more. Spam scores count once there are content filters.</summary>
internal sealed record ScoreOptions
{
    /// <summary>Score below which an account's mail goes by <c>isolateTo</c>; without that an alert is all. From 0 (never) to 100; default 40. It goes back 15 points above, a day later at the earliest.</summary>
    [Between(0, 100)]
    public int IsolateBelow { get; init; } = 40;

    /// <summary>The pool of isolated accounts, of one class: mail of that class moves, queued mail too. Default none: nobody is moved where the operator has set no pool aside.</summary>
    public string? IsolateTo { get; init; }

    /// <summary>Score below which an account is paused until an operator resumes it. From 0 (never) to 100; default 0: the brakes stop what is urgent.</summary>
    [Between(0, 100)]
    public int PauseBelow { get; init; }

    /// <summary>Recipients answered within the window below which a score has no consequence, and how many of them weigh as much as the mean of all senders. From 50 to 1 000 000; default 1000.</summary>
    [Between(50, 1_000_000)]
    public int Minimum { get; init; } = 1_000;

    /// <summary>How far back is looked, in 24 steps. From 1d to 30d; default 7d: a weekly mailing is seen.</summary>
    [Between("1d", "30d")]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Classes that are counted and that a pause holds. Default marketing.</summary>
    [NotEmpty]
    public IReadOnlyList<StreamClass> Class { get; init; } = [StreamClass.Marketing];
}
