using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>Says what a bounce means for a recipient. Keeps nothing; any thread.</summary>
/// <remarks>
/// A false suppression is the worst error, so hard wants proof: the recipient or its domain is said not to exist, and the reply is known to be one to RCPT, or its code says so
/// itself (5.1.1), or the system that wrote the bounce says it in its own words (<see cref="Wordings"/>). "User unknown" after DATA is a filter's word at many sites, and so it is
/// where nothing tells what it answered: soft.
/// </remarks>
/// <param name="classifier">Judges what servers said.</param>
/// <param name="book">Tells whose host answered.</param>
internal sealed class BounceJudge(ReplyClassifier classifier, ProviderBook book)
{
    private const string BadRecipient = "bad_recipient";

    private const string BadDomain = "bad_domain";

    // What a server has to say stands in front; rules cost by length.
    private const int MaxJudged = 512;

    private static readonly Category SenderInvalid = new("sender_invalid");

    private static readonly Category Full = new("mailbox_full");

    // au: refused at RCPT the reply names the recipient; refused by its filter after DATA it names nobody. Observed at lsean.ezweb.ne.jp and msmx.au.com.
    private static readonly string[] NamingHosts = ["ezweb.ne.jp", "au.com", "auone-net.jp"];

    private static readonly string[] LocalWords = ["unknown user", "user unknown", "no such user", "unknown local user"];

    /// <summary>Judges one recipient.</summary>
    /// <param name="kind">Bounce or delay; a delay is never hard.</param>
    /// <param name="address">The recipient.</param>
    /// <param name="entry">Fields of it; null where only words tell.</param>
    /// <param name="words">What words for people say of it, on one line.</param>
    public ReportedRecipient Judge(ReportKind kind, string address, StatusEntry? entry, string words)
    {
        var diagnostic = entry is { Diagnostic.Length: > 3 } ? Whole(entry.Diagnostic, words) : words.Length > 0 ? words : entry?.Comment ?? string.Empty;
        var reply = ServerReply.In(diagnostic);
        var status = entry?.Status ?? default;
        if (reply.Code == 0 && entry is { Diagnostic.Length: > 3 } && ServerReply.In(words) is { Code: > 0 } spoken && Wordings.Early.Find(diagnostic) is null)
        {
            reply = spoken;
        }

        var enhanced = reply.Enhanced.IsPresent ? reply.Enhanced : status.Class is 4 or 5 ? status : default;
        var stage = StageSigns.Of(words) is not Stage.Unknown and var told ? told : StageSigns.Of(diagnostic) is not Stage.Unknown and var also ? also : StageSigns.Of(entry?.Comment);
        var (category, isFirm, isProven) = Meaning(address, entry, reply, enhanced, diagnostic, words);
        if (stage is Stage.Mail or Stage.Connection)
        {
            // Nothing was said of the recipient yet: who is unknown is the sender.
            category = category.Id is BadRecipient or BadDomain ? SenderInvalid : category;
            isFirm = false;
        }

        isProven |= Proves(address, entry, reply, status, stage) || SaysLocally(entry, reply, words);
        var isHard = kind is ReportKind.Bounce && isFirm && (entry is not null || address.Length > 0) && IsDead(category, enhanced) && (isProven || category.Id != BadRecipient) && IsFinal(category, reply.Code, enhanced);
        return new ReportedRecipient(kind, address, enhanced, reply.Code, category, isHard, Printable.Line(entry is { Diagnostic.Length: > 0 } ? entry.Diagnostic : reply.Code > 0 ? diagnostic.AsSpan(Math.Min(reply.Start, diagnostic.Length)) : diagnostic));
    }

    private (Category Category, bool IsFirm, bool IsProven) Meaning(string address, StatusEntry? entry, in ServerReply reply, EnhancedCode enhanced, string diagnostic, string words)
    {
        var said = Wordings.Early.Find(diagnostic) ?? (entry is { Comment.Length: > 0 } ? Wordings.Early.Find(entry.Comment) : null);
        if (said is not null && (reply.Code == 0 || said.Proves || said.Wins || enhanced.Subject == 0))
        {
            return (said.Category, said.Proves, said.Proves);
        }

        var judgement = classifier.JudgeReply(book.OfExchanger(entry?.Remote)?.Id, reply.Code, enhanced, reply.Text.AsSpan(0, Math.Min(reply.Text.Length, MaxJudged)), SmtpCommand.Rcpt, 1);
        if (judgement.Category.Id is "unknown" or "unknown_perm" or "unknown_temp" && ((reply.Code == 0 ? Wordings.Early.Find(words) : null) ?? Wordings.Late.Find(reply.Code == 0 ? words : reply.Text)) is { } late)
        {
            return (late.Category, late.Proves, late.Proves);
        }

        if (judgement.Category.Id != BadRecipient)
        {
            // RFC 3463 §3.3: x.2.2 is a full box, also where the text adds that nobody empties it.
            return (enhanced is { Subject: 2, Detail: 2 } && judgement.Category.Id == "inactive_recipient" ? Full : judgement.Category, judgement.IsHard, false);
        }

        // "Some trouble with the address", and the sender's system says which; or nobody of that name, said until the sender gave up.
        var isNobody = enhanced is { Class: 4, Subject: 1, Detail: 1 } || NamesRecipient(address, entry, reply) || (enhanced is { Class: 5, Subject: 1, Detail: not (7 or 8) } && words.Contains("address couldn't be found", StringComparison.Ordinal));
        return (judgement.Category, judgement.IsHard || isNobody, false);
    }

    // Sendmail gives the first line of a reply of many; its transcript has the rest.
    private static string Whole(string diagnostic, string words)
    {
        if (diagnostic.Length < 4 || diagnostic[3] != '-' || !char.IsAsciiDigit(diagnostic[0]) || words.IndexOf("<<< " + diagnostic, StringComparison.Ordinal) is not (>= 0 and var at))
        {
            return diagnostic;
        }

        var rest = words.AsSpan(at + 4);
        var code = diagnostic.AsSpan(0, 3);
        var end = rest.Length;
        for (var from = 0; rest[from..].IndexOf("<<< ") is >= 0 and var next; from += next + 4)
        {
            if (!rest[(from + next + 4)..].StartsWith(code))
            {
                end = from + next;
                break;
            }
        }

        return rest[..end].ToString().Replace("<<< ", string.Empty, StringComparison.Ordinal);
    }

    private static bool Proves(string address, StatusEntry? entry, in ServerReply reply, EnhancedCode status, Stage stage)
    {
        var own = reply.Enhanced.IsPresent ? reply.Enhanced : status;
        return own is { Subject: 1, Detail: not (7 or 8 or 9) }
            || own is { Class: 5, Subject: 4, Detail: 1 }
            || entry?.Sorted is "bad-mailbox"
            || stage is Stage.Rcpt
            || (stage is Stage.Unknown && NamesRecipient(address, entry, reply));
    }

    // No server was asked: the system that has the mailboxes speaks itself, as Exim's redirect router does.
    private static bool SaysLocally(StatusEntry? entry, in ServerReply reply, string words) =>
        reply.Code == 0 && entry is { Diagnostic.Length: 0, Remote.Length: 0 } && Array.Exists(LocalWords, word => words.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool NamesRecipient(string address, StatusEntry? entry, in ServerReply reply) =>
        address.Length > 0 && reply.Text.StartsWith($"<{address}>:", StringComparison.OrdinalIgnoreCase)
        && Array.Exists(NamingHosts, host => address.EndsWith(host, StringComparison.OrdinalIgnoreCase) || (entry is not null && entry.Remote.EndsWith(host, StringComparison.OrdinalIgnoreCase)));

    // Whoever moved is gone from this address too.
    private static bool IsDead(Category category, EnhancedCode enhanced) =>
        category.Id is BadRecipient or BadDomain || (category.Id is "inactive_recipient" && enhanced is { Subject: 1, Detail: 6 });

    // A 4xx speaks of now. Only "nobody of that name" (4.1.1), said until the sender gave up, is more than that.
    private static bool IsFinal(Category category, ushort code, EnhancedCode enhanced) =>
        (code is 0 or >= 500 && enhanced.Class is 0 or 5) || (category.Id == BadRecipient && enhanced is { Class: 4, Subject: 1, Detail: 1 });
}
