using System.Globalization;
using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>
/// What accounts may hand in: messages per time (<c>injectRate</c>) and recipients per window (<c>quota</c>). Both are limits of the tree, so
/// they are saved with the others. Thread-safe. Nothing is counted before a message is complete; what is refused is the client's to keep.
/// </summary>
internal sealed class AccountMeters(LimitTree tree, TimeProvider clock)
{
    /// <summary>At MAIL and RCPT: whether it would be in vain. Takes nothing.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="recipients">Of this message so far; 0 at MAIL.</param>
    public Refusal? Look(AccountRules account, int recipients)
    {
        if (recipients == 0 && account.InjectRate is { } rate && MeterOf(account, rate).Bucket!.ReadyAt(1, 0) is var at && at > clock.GetTimestamp())
        {
            return TooFast(account, at);
        }

        return account.Quota is { Over: QuotaOver.Reject } quota
            && WindowOf(account, quota) is var window
            && window.UsedAt(clock.GetTimestamp()) + Math.Max(1, recipients) > window.Maximum
            ? QuotaUsed(account, quota, window)
            : null;
    }

    /// <summary>Before a complete message is stored: counts it, or refuses it.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="recipients">Of the message.</param>
    /// <param name="from">Wall clock: when it may go; later than now where the quota holds it back.</param>
    public Refusal? Take(AccountRules account, int recipients, out DateTimeOffset from)
    {
        (var now, from) = (clock.GetTimestamp(), default);
        var bucket = account.InjectRate is { } rate ? MeterOf(account, rate).Bucket! : null;
        if (bucket is not null && !bucket.TryTake(now, 0, out var at))
        {
            return TooFast(account, at);
        }

        if (account.Quota is not { } quota)
        {
            return null;
        }

        var window = WindowOf(account, quota);
        if (quota.Over is QuotaOver.Hold)
        {
            var ahead = window.Charge(now, recipients);
            from = ahead == 0 ? default : window.Running.End + ((ahead - 1) * window.Span);
            return null;
        }

        if (window.TryTake(now, recipients, out _))
        {
            return null;
        }

        bucket?.Refund();
        return QuotaUsed(account, quota, window);
    }

    /// <summary>The message could not be stored after all.</summary>
    public void Refund(AccountRules account, int recipients)
    {
        if (account.InjectRate is { } rate)
        {
            MeterOf(account, rate).Bucket!.Refund();
        }

        if (account.Quota is { } quota)
        {
            WindowOf(account, quota).Refund(recipients);
        }
    }

    // After a reload the first to ask sets the new figures; what was counted stays.
    private Limit MeterOf(AccountRules account, Rate rate)
    {
        var limit = tree.Dynamic("$.accounts.injectRate", account.Name);
        if (limit.Bucket?.Rate != rate)
        {
            limit.SetRate(rate, "configuration", startsFull: true);
        }

        return limit;
    }

    private VolumeWindow WindowOf(AccountRules account, QuotaOptions quota)
    {
        var limit = tree.Dynamic("$.accounts.quota", account.Name);
        var zone = account.Zone ?? tree.Calendar.Zone;
        var carries = quota.Over is QuotaOver.Hold;
        if (limit.Day is { } window && window.Maximum == quota.Max && window.Span == quota.Per && window.Carries == carries && window.Zone.Equals(zone))
        {
            return window;
        }

        limit.SetVolume(quota.Max, quota.Per, new Engine.Limits.Calendar(clock, zone), carries);
        return limit.Day!;
    }

    private Refusal TooFast(AccountRules account, long at)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling((at - clock.GetTimestamp()) / (double)clock.TimestampFrequency));
        return new Refusal(RejectReason.Rate, new Reply(450, new EnhancedCode(4, 7, 1), string.Create(
            CultureInfo.InvariantCulture, $"Account {account.Name} submits faster than its injectRate of {account.InjectRate!.Value}; try again in {seconds} s")));
    }

    private static Refusal QuotaUsed(AccountRules account, QuotaOptions quota, VolumeWindow window) =>
        new(RejectReason.Rate, new Reply(452, new EnhancedCode(4, 7, 1), string.Create(
            CultureInfo.InvariantCulture, $"The quota of account {account.Name}, {quota.Max} recipients in {quota.Per.TotalHours:0.##} h, does not hold this; it starts anew at {window.Running.End:yyyy-MM-ddTHH:mm:ssZ}")));
}
