using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Who may send what as whom. Pure: it decides on rules and envelopes, and touches nothing.</summary>
internal static class Admission
{
    /// <summary>At MAIL. An injector's account is not known yet, so its sender is judged with the header.</summary>
    public static Refusal? CheckSender(SubmissionRules rules, LoginRules login, Mailbox sender, long declaredSize)
    {
        if (login.Account is { } account && CheckAccount(rules, account, sender) is { } refusal)
        {
            return refusal;
        }

        return declaredSize > rules.Options.Queue.MaxMessageSize.Octets ? new Refusal(RejectReason.Size, Replies.TooBig) : null;
    }

    /// <summary>Whether the account may send at all, and from this reverse path. The null path is judged by the From header alone.</summary>
    public static Refusal? CheckAccount(SubmissionRules rules, AccountRules account, Mailbox sender)
    {
        if (account.IsBroken)
        {
            return new Refusal(RejectReason.Account, Replies.AccountBroken);
        }

        if (account.Status is AccountStatus.Disabled)
        {
            return new Refusal(RejectReason.Account, Replies.AccountGone);
        }

        if (sender.IsNull)
        {
            return null;
        }

        if (!account.Domains.Allows(sender.Domain))
        {
            return new Refusal(RejectReason.Sender, Replies.SenderNotAllowed);
        }

        return rules.IsBroken(sender.Domain) ? new Refusal(RejectReason.Sender, Replies.DomainBroken) : null;
    }

    /// <summary>With the header: everything that depends on From and the X-Engine fields.</summary>
    /// <param name="draft">The envelope so far.</param>
    /// <param name="header">What stands in the header.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="placement">Account, stream, pool and times of the message.</param>
    public static Refusal? CheckHeader(MailDraft draft, HeaderNotes header, DateTimeOffset now, out Placement placement)
    {
        placement = default;
        var fields = header.Fields;
        if (!draft.Login.IsAuthenticated && fields.First is { } name)
        {
            return Bad($"{name} needs a login");
        }

        if (FindAccount(draft, fields, out var account) is { } refusal)
        {
            return refusal;
        }

        if (CheckFrom(draft.Rules, account, header) is { } from)
        {
            return from;
        }

        if (FindStream(draft.Login, account, fields, out var stream) is { } noStream)
        {
            return noStream;
        }

        if (account.Status is AccountStatus.Paused && stream.Class is StreamClass.Transactional)
        {
            return new Refusal(RejectReason.Account, Replies.AccountPaused);
        }

        placement = new Placement(account, stream, fields.Pool ?? stream.Pool, now);
        return CheckTimes(draft.Rules, fields, ref placement)
            ?? (fields.Pool is { } pool && !draft.Rules.AllowsPool(pool, account.Name, stream.Class)
                ? Bad($"{EngineFields.PoolName} names no pool that this account and class may use")
                : null);
    }

    private static Refusal? FindAccount(MailDraft draft, EngineFields fields, out AccountRules account)
    {
        if (draft.Login.Account is { } own)
        {
            account = own;
            return fields.Account is null ? null : Bad($"{EngineFields.AccountName} is for injectors");
        }

        account = (fields.Account is { } name && draft.Login.MayActFor(name) ? draft.Rules.FindAccount(name) : null)!;
        return account switch
        {
            _ when fields.Account is null => Bad($"{EngineFields.AccountName} is missing"),
            null => Bad($"{EngineFields.AccountName} names no account that this login may act for"),
            _ => CheckAccount(draft.Rules, account, draft.Sender),
        };
    }

    private static Refusal? CheckFrom(SubmissionRules rules, AccountRules account, HeaderNotes header)
    {
        if (!account.Domains.IsAny && !FromDomains.AreAll(header.From, account.Domains.Allows))
        {
            return new Refusal(RejectReason.Sender, Replies.FromNotAllowed);
        }

        return rules.IsBroken(header.FromDomain) ? new Refusal(RejectReason.Sender, Replies.DomainBroken)
            : rules.IsWithheld(header.FromDomain) ? new Refusal(RejectReason.Sender, Replies.KeyRevoked)
            : null;
    }

    private static Refusal? FindStream(LoginRules login, AccountRules account, EngineFields fields, out StreamRules stream)
    {
        if (fields.Stream is { } name)
        {
            stream = account.Streams.GetValueOrDefault(name)!;
            return stream is null || !MayUse(login, name) ? Bad($"{EngineFields.StreamName} names no stream that this login may use") : null;
        }

        // A credential for one stream means that stream, whatever the account's default is.
        var own = account.Default is { } usual && MayUse(login, usual.Name) ? usual
            : login.Streams.Count == 1 ? account.Streams.GetValueOrDefault(login.Streams.Items[0])
            : null;
        stream = own!;
        return own is null ? new Refusal(RejectReason.Header, Replies.NoStream) : null;
    }

    private static bool MayUse(LoginRules login, string stream) => login.Streams.Count == 0 || login.Streams.Contains(stream);

    // A stream's or message's own limit runs from the first moment it may be sent; the configuration's is Delivery's affair.
    private static Refusal? CheckTimes(SubmissionRules rules, EngineFields fields, ref Placement placement)
    {
        var now = placement.Accepted;
        if (fields.SendAt is { } at && at - now > rules.Options.Queue.MaxSchedule)
        {
            return Bad($"{EngineFields.SendAtName} lies further ahead than queue.maxSchedule");
        }

        if (fields.GiveUp is { } wanted && wanted >= placement.Stream.Longest)
        {
            return Bad($"{EngineFields.GiveUpName} may only be shorter than the stream's");
        }

        var start = fields.SendAt is { } later && later > now ? later : now;
        placement = placement with { NotBefore = start, GiveUp = start + (fields.GiveUp ?? placement.Stream.GiveUp) };
        return null;
    }

    private static Refusal Bad(string text) => new(RejectReason.Header, new Reply(550, new EnhancedCode(5, 6, 0), text));
}
