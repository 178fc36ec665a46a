using Engine.Classification;
using Engine.Mail;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Feedback;

/// <summary>
/// When soft failures suppress. Three finally failed messages over 72 h or more, within <see cref="Memory"/> of the first; or one that met a full mailbox
/// at least three times over 72 h. What a 4xx says counts only so: never by itself. No I/O.
/// </summary>
internal static class StrikeRule
{
    public const int Strikes = 3;

    /// <summary>A mailbox that is full over a weekend is in use.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(72);

    /// <summary>A warning that old is forgotten: what failed now and then is no dead address.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(14);

    private static readonly Category Full = new("mailbox_full");

    /// <summary>What a final failure says of the recipient: <see cref="SuppressionReason.Hard"/>, <see cref="SuppressionReason.Strike"/>, <see cref="SuppressionReason.Warning"/> (it counts), or nothing.</summary>
    /// <param name="end">How the recipient ends.</param>
    /// <param name="judgement">What the last reply meant.</param>
    /// <param name="recipient">As it stood before the end.</param>
    /// <param name="now">Wall clock.</param>
    public static SuppressionReason ReasonOf(EndKind end, in Judgement judgement, in QueuedRecipient recipient, DateTimeOffset now)
    {
        if (end is EndKind.Bounced && judgement.IsHard)
        {
            return SuppressionReason.Hard;
        }

        var isFull = (end is EndKind.Expired || judgement.Category == Full) && recipient.Category == Full;
        if (isFull && recipient.Attempts >= Strikes && now - recipient.Accepted >= Span)
        {
            return SuppressionReason.Strike;
        }

        return isFull || (end is EndKind.Bounced && judgement.IsStrike) ? SuppressionReason.Warning : SuppressionReason.None;
    }

    /// <summary>The warnings after one more.</summary>
    /// <param name="before">Of the same address and scope; null for none.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="first">When the first of them was.</param>
    /// <returns>How many; <see cref="Strikes"/> or more over <see cref="Span"/> is a strike.</returns>
    public static int Count(in SuppressionEntry? before, DateTimeOffset now, out DateTimeOffset first)
    {
        if (before is not { Reason: SuppressionReason.Warning } warning || warning.Added + Memory <= now)
        {
            first = now;
            return 1;
        }

        first = warning.Added;
        return Math.Min(warning.Count + 1, byte.MaxValue >> 4);
    }

    /// <summary>Whether so many warnings are a strike.</summary>
    public static bool IsStrike(int count, DateTimeOffset first, DateTimeOffset now) => count >= Strikes && now - first >= Span;
}
