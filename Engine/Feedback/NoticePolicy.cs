using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Whether what happens to a recipient becomes a mail to its sender. RFC 3461 §4.1, §6.2; key <c>accounts.*.notices</c>.</summary>
internal static class NoticePolicy
{
    /// <param name="notices">The account's.</param>
    /// <param name="isNullSender">Notices of ours and of others have the null sender.</param>
    /// <param name="notify">The recipient's.</param>
    public static bool WantsFailure(Notices notices, bool isNullSender, Notify notify)
    {
        // RFC 5321 §6.1: nothing is ever sent about a notice.
        if (isNullSender)
        {
            return false;
        }

        return notify is Notify.None ? notices is Notices.Dsn : notify.HasFlag(Notify.Failure);
    }

    /// <summary>Whether the sender is told that it is late. Where NOTIFY is silent, as for failures: who hears of no failure need not hear of delays (RFC 3461 §4.1).</summary>
    /// <inheritdoc cref="WantsFailure"/>
    public static bool WantsDelay(Notices notices, bool isNullSender, Notify notify) =>
        !isNullSender && (notify is Notify.None ? notices is Notices.Dsn : notify.HasFlag(Notify.Delay));

    /// <summary>Whether the sender is told that it was handed on; only where NOTIFY asks.</summary>
    /// <param name="isNullSender">Notices of ours and of others have the null sender.</param>
    /// <param name="notify">The recipient's.</param>
    public static bool WantsSuccess(bool isNullSender, Notify notify) => !isNullSender && notify.HasFlag(Notify.Success);

    /// <summary>Whether mail becomes late between this attempt and the next: true for one attempt of a recipient, whatever their times. The queue keeps whole seconds, rounded up.</summary>
    /// <param name="late">From when it is late.</param>
    /// <param name="due">When this attempt was due, as the queue tells it.</param>
    /// <param name="next">When the next one will be.</param>
    public static bool IsLateNow(DateTimeOffset late, DateTimeOffset due, DateTimeOffset next) => due < Whole(late) && Whole(late) <= Whole(next);

    private static DateTimeOffset Whole(DateTimeOffset time) => new((time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, time.Offset);
}
