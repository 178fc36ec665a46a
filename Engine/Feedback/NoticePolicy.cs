using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Whether a failure becomes a mail to its sender. RFC 3461 §4.1, §6.2; key <c>accounts.*.notices</c>.</summary>
internal static class NoticePolicy
{
    public static bool WantsFailure(Notices notices, Mailbox sender, Notify notify, bool isNotice)
    {
        // RFC 5321 §6.1: nothing is ever sent about a notice.
        if (sender.IsNull || isNotice)
        {
            return false;
        }

        return notify is Notify.None ? notices is Notices.Dsn : notify.HasFlag(Notify.Failure);
    }
}
