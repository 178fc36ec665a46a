using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Whether a failure becomes a mail to its sender. RFC 3461 §4.1, §6.2; key <c>accounts.*.notices</c>.</summary>
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
}
