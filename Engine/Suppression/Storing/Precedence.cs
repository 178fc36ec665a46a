using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>
/// What becomes of two entries of one key. Warnings weigh least, then Strike, Hard, Complaint, Unsubscribe, Manual: what a person said counts more than what a server said, and the
/// operator's word most. The heavier reason stays and the longer time stays: nothing is ever shortened. What has expired, and what was removed, counts for nothing.
/// </summary>
internal static class Precedence
{
    /// <summary>The entry that holds after an addition; the present one itself when the addition changes nothing.</summary>
    public static StoredRecord Joined(in StoredRecord present, in StoredRecord added, DateTimeOffset now)
    {
        if (present.IsTombstone || present.IsExpired(now))
        {
            return added;
        }

        return (present.Reason, added.Reason) switch
        {
            (SuppressionReason.Warning, SuppressionReason.Warning) => added.Count > present.Count || Longer(added, present) ? added with { Mark = Math.Max(added.Mark, present.Mark), Day = Later(present, added) } : present,
            (SuppressionReason.Warning, _) => added,
            (_, SuppressionReason.Warning) => present,
            _ when Weight(added.Reason) > Weight(present.Reason) => added with { Day = Later(present, added) },
            _ when !Longer(added, present) => present,
            _ when Weight(added.Reason) == Weight(present.Reason) => added,
            _ => present with { Day = added.Day },
        };
    }

    private static int Weight(SuppressionReason reason) => reason switch
    {
        SuppressionReason.Manual => 5,
        SuppressionReason.Unsubscribe => 4,
        SuppressionReason.Complaint => 3,
        SuppressionReason.Hard => 2,
        SuppressionReason.Strike => 1,
        _ => 0,
    };

    private static bool Longer(in StoredRecord one, in StoredRecord other) => other.Day != 0 && (one.Day == 0 || one.Day > other.Day);

    private static ushort Later(in StoredRecord one, in StoredRecord other) => one.Day == 0 || other.Day == 0 ? (ushort)0 : Math.Max(one.Day, other.Day);
}
