using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>What a transaction brought for one recipient, from its verdict and from where the session was left.</summary>
internal static class SendOutcome
{
    public static (OutcomeKind Kind, Verdict Verdict) Of(in Verdict verdict, in SendResult result)
    {
        if (verdict.IsDelivered)
        {
            return (OutcomeKind.Delivered, verdict);
        }

        if (verdict.IsRefused)
        {
            return (OutcomeKind.Refused, verdict);
        }

        var remark = new Verdict(0, default, result.Command, result.Remark ?? result.State.ToString());
        return result.State switch
        {
            SessionState.Uncertain => (OutcomeKind.Uncertain, remark),
            SessionState.Stopped or SessionState.Unreadable => (OutcomeKind.Local, remark),
            SessionState.NeedsSmtpUtf8 => (OutcomeKind.NotOffered, remark with { Enhanced = new EnhancedCode(5, 6, 7), Text = "the server does not offer SMTPUTF8, which this message needs" }),
            SessionState.NeedsRequireTls => (OutcomeKind.NotOffered, remark with { Enhanced = new EnhancedCode(5, 7, 30), Text = "the server does not offer REQUIRETLS, which this message needs" }),
            SessionState.Unclean => (OutcomeKind.NotOffered, remark with { Enhanced = new EnhancedCode(5, 6, 0) }),
            _ => (OutcomeKind.Unreachable, remark),
        };
    }
}
