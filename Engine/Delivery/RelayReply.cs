using System.Text.RegularExpressions;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>What an outcome at a relay is to the recipient. A relay is a means of ours, so its trouble is trouble of ours.</summary>
/// <remarks>
/// <code>
/// delivered                                            delivered
/// dot without an answer                                uncertain
/// 530, 534, 535, 538; "relaying denied" and the like   local: it does not take us, whoever the recipient is
/// other 5xx                                            refused: the recipient's end
/// 4xx; unreachable; what it does not offer             local
/// a message that is none                               not offered: the recipient's end, as anywhere
/// </code>
/// </remarks>
internal static partial class RelayReply
{
    public static OutcomeKind Of(OutcomeKind kind, in Verdict verdict) => kind switch
    {
        OutcomeKind.Delivered or OutcomeKind.Uncertain => kind,
        OutcomeKind.Refused when verdict.Code >= 500 && !IsAboutUs(verdict) => kind,
        OutcomeKind.NotOffered when verdict.Enhanced == new EnhancedCode(5, 6, 0) => kind,
        _ => OutcomeKind.Local,
    };

    /// <summary>The relay does not take mail of ours: a login that is wrong or missing, or a sender it does not let this login use. RFC 4954 §6.</summary>
    public static bool IsAboutUs(in Verdict verdict) =>
        verdict.Command is SmtpCommand.Auth || verdict.Code is 530 or 534 or 535 or 538 || (verdict.Code >= 500 && !IsOfRecipient(verdict) && Denied().IsMatch(verdict.Text ?? string.Empty));

    // At RCPT a code about the address, or words of the receiver that the relay hands on, are about that recipient.
    private static bool IsOfRecipient(in Verdict verdict) => verdict.Command is SmtpCommand.Rcpt
        && (verdict.Enhanced is { Subject: 1 } || (verdict.Text ?? string.Empty).Contains("said:", StringComparison.OrdinalIgnoreCase)
            || (verdict.Text ?? string.Empty).Contains("undeliverable", StringComparison.OrdinalIgnoreCase));

    // Postfix, Exim, Exchange, Sendmail, qmail, Haraka; the last for a sender that belongs to another login (Postfix).
    [GeneratedRegex(
        @"access denied|relay(ing)? (attempt )?(is )?(denied|not (allowed|permitted))|relay not permitted|(unable|not (allowed|permitted|authori[sz]ed)) to relay|authentication (is )?required|must (first )?(authenticate|log in)|isn't in my list of allowed rcpthosts|not (logged in|owned by user)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Denied();
}
