using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>
/// Says what a reply means: text before codes, then the enhanced code, then the first digit. These are the few rules that decide
/// when to come back; the provider data's rules take their place in the same form. Thread-safe.
/// </summary>
/// <remarks>Only replies of a peer are matched against rules; trouble of our own has its fixed judgement.</remarks>
internal sealed class ReplyClassifier
{
    private readonly ReplyRule[] _rules =
    [
        Rule("generic.greylist", @"^4\d\d .*(gr[ea]y ?-?list|postgrey|try again in \d+ (sec|min)|please retry in)", "greylist", Disposition.Retry, RetryKind.Greylist),
        Rule("generic.session_limit", @"^4\d\d .*(too many messages|message limit|max(imum)? messages?) (in|for|per) (this |the )?(session|connection)", "session_limit", Disposition.Reconnect, RetryKind.Short),
        Rule("generic.rcpt_limit", @"^(452|450|421|451) .*too many recipients|^4\d\d 4\.5\.3 ", "rcpt_limit", Disposition.Split, RetryKind.Short),
        Rule("generic.conns", @"^4\d\d .*(too many (concurrent |simultaneous )?(smtp )?(connections|sessions)|connection (rate|count) limit)", "conn_limit", Disposition.Retry, RetryKind.Short),
        Rule("generic.enh_user", @"^5\d\d 5\.1\.1 ", "bad_recipient", Disposition.Fail, RetryKind.Default),
        Rule("generic.enh_dom", @"^5\d\d 5\.1\.2 ", "bad_domain", Disposition.Fail, RetryKind.Default),
        Rule("generic.enh_disabled", @"^5\d\d 5\.2\.1 ", "inactive_recipient", Disposition.Fail, RetryKind.Default),
        Rule("generic.enh_full4", @"^4\d\d 4\.2\.2 ", "mailbox_full", Disposition.Retry, RetryKind.Default),
        Rule("generic.enh_full5", @"^5\d\d 5\.2\.2 ", "mailbox_full", Disposition.Fail, RetryKind.Default),
        Rule("generic.enh_size", @"^5\d\d 5\.(2\.3|3\.4) ", "too_large", Disposition.Fail, RetryKind.Default),
        Rule("generic.enh_loop", @"^5\d\d 5\.4\.6 ", "loop", Disposition.Fail, RetryKind.Default),
        Rule("generic.busy", @"^4\d\d (4\.3\.\d+ )?.*(try again|try later|temporar|busy|unavailable|local error|resources)", "server_busy", Disposition.Retry, RetryKind.Default),
        Rule("generic.any4", @"^4\d\d ", "unknown_temp", Disposition.Retry, RetryKind.Default),
        Rule("generic.any5", @"^5\d\d ", "unknown_perm", Disposition.Fail, RetryKind.Default),
    ];

    private readonly Judgement _unreachable = new(new Category("network"), Disposition.Retry, RetryKind.Default, "engine.unreachable");
    private readonly Judgement _uncertain = new(new Category("network"), Disposition.Retry, RetryKind.Uncertain, "engine.uncertain");
    private readonly Judgement _unroutable = new(new Category("bad_domain"), Disposition.Fail, RetryKind.Default, "engine.unroutable");
    private readonly Judgement _expired = new(new Category("expired"), Disposition.Fail, RetryKind.Default, "engine.expired");
    private readonly Judgement _offer = new(new Category("message_format"), Disposition.Fail, RetryKind.Default, "engine.not_offered");

    /// <summary>Judges any outcome but <see cref="OutcomeKind.Delivered"/> and <see cref="OutcomeKind.Local"/>, which need no judgement.</summary>
    public Judgement Judge(in Outcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Refused => JudgeReply(outcome.Code, outcome.Enhanced, outcome.Text ?? string.Empty),
        OutcomeKind.Uncertain => _uncertain,
        OutcomeKind.Unroutable => _unroutable,
        OutcomeKind.Expired => _expired,
        OutcomeKind.NotOffered => _offer,
        _ => _unreachable,
    };

    /// <summary>Judges a peer's reply.</summary>
    public Judgement JudgeReply(ushort code, EnhancedCode enhanced, string text)
    {
        var line = enhanced.IsPresent
            ? string.Create(CultureInfo.InvariantCulture, $"{code} {enhanced} {text}")
            : string.Create(CultureInfo.InvariantCulture, $"{code} {text}");
        foreach (var rule in _rules)
        {
            if (rule.Pattern.IsMatch(line))
            {
                return new Judgement(rule.Category, rule.Disposition, rule.Schedule, rule.Id);
            }
        }

        return _unreachable;
    }

    private static ReplyRule Rule(string id, string pattern, string category, Disposition disposition, RetryKind schedule) =>
        new(id, new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), new Category(category), disposition, schedule);
}
