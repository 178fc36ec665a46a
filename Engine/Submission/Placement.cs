using Engine.Configuration;

namespace Engine.Submission;

/// <summary>Where a message belongs and when it goes.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Stream">Which of its streams.</param>
/// <param name="Pool">Asked for; empty for the default.</param>
/// <param name="Accepted">Wall clock at acceptance.</param>
internal readonly record struct Placement(AccountRules Account, StreamRules Stream, string Pool, DateTimeOffset Accepted)
{
    /// <summary>First attempt not before; never before <see cref="Accepted"/>.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>The stream's or message's own end.</summary>
    public DateTimeOffset? GiveUp { get; init; }

    /// <summary>Taken, but not to be sent before an operator says so: the account is in review, or paused.</summary>
    public bool IsHeld => Account.Status is AccountStatus.Review or AccountStatus.Paused;
}
