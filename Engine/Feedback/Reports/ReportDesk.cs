using System.Text;
using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Takes a mail that came in for tokens and addresses of ours, reads it, and acts. Thread-safe.</summary>
/// <remarks>
/// What it does is lasting when it returns; events follow. It acts only on a good token: everything else is kept and counted.
/// <code>
/// came to            reads as            token names the recipient       token names the message
/// bounce token       hard bounce         suppressed, event               event
///                    soft bounce, delay  event                           event
///                    auto-reply          event                           event
///                    complaint           as at a complaints address
///                    nothing             kept
/// complaint token,   complaint           suppressed, event               event; suppressed when the returned mail's own return path names the recipient
/// complaints address not-spam            event                           event
///                    complaint, no token kept, event                     (it proves nothing)
///                    anything else       kept
/// unsubscribe token  anything            suppressed, event               kept
/// </code>
/// A token that names no recipient was seen by all recipients of its message, and what a report says beside it anybody can write: whoever got one copy could
/// have any address suppressed.
/// </remarks>
internal sealed class ReportDesk(ReportParts parts, TimeProvider clock)
{
    /// <summary>Octets of a mail that are read; what matters stands in front.</summary>
    public const int ReadLength = 1 << 20;

    // Of one report: who is told of more is being filled up.
    private const int MaxReported = 16;

    // What proves nothing and is told by events, of all senders together; the rest is only counted.
    private readonly ClientBudget _tokenless = new(rate: 1, burst: 100, clock);
    private readonly RecentReports _recent = new();

    /// <summary>Completes when everything that follows from the mail is on stable storage.</summary>
    /// <exception cref="IOException">It could not be made so; the sender is told to come again, and what was done is not done twice.</exception>
    public async ValueTask TakeAsync(InboundMail mail, CancellationToken stop)
    {
        MailReport? report = null;
        foreach (var recipient in mail.Recipients.DistinctBy(recipient => (recipient.Kind, recipient.Address)))
        {
            switch (recipient.Kind)
            {
                case InboundKind.Postmaster or InboundKind.Abuse:
                    await parts.Forwards.ForwardAsync(mail, recipient, stop).ConfigureAwait(false);
                    break;
                case InboundKind.Token when recipient.Token.Purpose is TokenPurpose.Unsubscribe:
                    await UnsubscribeAsync(mail, recipient, stop).ConfigureAwait(false);
                    break;
                default:
                    report ??= parts.Read(mail.Content.Length > ReadLength ? mail.Content[..ReadLength] : mail.Content);
                    await TakeReportAsync(mail, recipient, report, stop).ConfigureAwait(false);
                    break;
            }
        }
    }

    private ValueTask TakeReportAsync(InboundMail mail, InboundRecipient recipient, MailReport report, CancellationToken stop)
    {
        if (report.Kind is ReportKind.Complaint)
        {
            return TakeComplaintAsync(mail, recipient, report, stop);
        }

        if (recipient is { Kind: InboundKind.Token, Token.Purpose: TokenPurpose.Bounce } && report.Kind is not ReportKind.None)
        {
            return recipient.Token.Recipient == default ? TakeUnnamed(recipient.Token, report) : TakeBounceAsync(recipient.Token, report, stop);
        }

        Keep(mail, recipient, InboundNews.Unparsed, "nothing was read from it that belongs to this address");
        return ValueTask.CompletedTask;
    }

    private async ValueTask TakeBounceAsync(ReturnToken token, MailReport report, CancellationToken stop)
    {
        var news = Nearest(token, report, out var address);
        var kind = NewsOf(news);
        var added = false;
        if (kind is InboundNews.Hard)
        {
            added = await parts.Suppressions.AddAsync(SuppressionReason.Hard, SuppressionOrigin.Bounce, token, address, stop).ConfigureAwait(false);
            if (parts.Queued is { } queued)
            {
                await queued.EndAsync(token, news, stop).ConfigureAwait(false);
            }
        }

        if (!IsNew(kind, token.Id, token.Recipient) && !added)
        {
            return;
        }

        var reason = address.IsNull && news.Address.Length > 0 ? $"reported for {Printable(news.Address)}" : null;
        Tell(token, news, address, reason);
        Watch(kind, token, news);
        if (news.Kind is ReportKind.Bounce)
        {
            parts.Submitter?.Invoke(token, news);
        }
    }

    // Nothing is done but telling it: see the remarks.
    private ValueTask TakeUnnamed(ReturnToken token, MailReport report)
    {
        foreach (var news in report.Recipients.Where(news => news.Kind is not ReportKind.None).Take(MaxReported))
        {
            var address = Read(news.Address);
            if (IsNew(NewsOf(news), token.Id, address.IsNull ? default : parts.Suppressions.DigestOf(address)) && _tokenless.TryTake(System.Net.IPAddress.None))
            {
                Tell(token, news, address, "the return path names no recipient: nobody is suppressed");
            }
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask TakeComplaintAsync(InboundMail mail, InboundRecipient recipient, MailReport report, CancellationToken stop)
    {
        var news = report.Recipients.First(reported => reported.Kind is ReportKind.Complaint);
        var isTold = recipient is { Kind: InboundKind.Token, Token.Purpose: TokenPurpose.Complaint };
        var token = recipient.Token;
        if (!isTold && parts.Door.Open(Encoding.UTF8.GetBytes(report.FeedbackId.Trim()), TokenPurpose.Complaint, out token) is not TokenVerdict.Good)
        {
            Tokenless(mail, recipient, news);
            return;
        }

        token = WithRecipient(token, report);
        var address = Read(news.Address);
        address = !address.IsNull && token.Recipient != default && parts.Suppressions.DigestOf(address) == token.Recipient ? address : default;
        var isNotSpam = string.Equals(news.Complaint, "not-spam", StringComparison.OrdinalIgnoreCase);
        var added = false;
        if (!isNotSpam && token.Recipient != default)
        {
            added = await parts.Suppressions.AddAsync(SuppressionReason.Complaint, SuppressionOrigin.Report, token, address, stop).ConfigureAwait(false);
        }

        var kind = isNotSpam ? InboundNews.NotSpam : InboundNews.Complaint;
        if (!IsNew(kind, token.Id, token.Recipient) && !added)
        {
            return;
        }

        parts.Events.Write(Line(EventKind.Complained, token, address) with { Reason = Printable(news.Complaint), Reply = NullIfEmpty(news.Diagnostic), Rule = NullIfEmpty(news.Complaint) });
        if (!isNotSpam)
        {
            Watch(kind, token, news);
        }
    }

    private async ValueTask UnsubscribeAsync(InboundMail mail, InboundRecipient recipient, CancellationToken stop)
    {
        var token = recipient.Token;
        if (token.Recipient == default)
        {
            Keep(mail, recipient, InboundNews.Unparsed, "the unsubscribe address names no recipient");
            return;
        }

        var address = !mail.Sender.IsNull && parts.Suppressions.DigestOf(mail.Sender) == token.Recipient ? mail.Sender : default;
        var added = await parts.Suppressions.AddAsync(SuppressionReason.Unsubscribe, SuppressionOrigin.Mail, token, address, stop).ConfigureAwait(false);
        parts.Meter.Heard(added ? InboundNews.Unsubscribe : InboundNews.Repeated);
        if (added)
        {
            parts.Events.Write(Line(EventKind.Unsubscribed, token, address) with { Rule = "mail" });
        }
    }

    // Which of the reported is the token's own: by address, else the one that says most.
    private ReportedRecipient Nearest(ReturnToken token, MailReport report, out Mailbox address)
    {
        foreach (var news in report.Recipients.Where(news => news.Kind is not ReportKind.None).Take(MaxReported))
        {
            address = Read(news.Address);
            if (!address.IsNull && parts.Suppressions.DigestOf(address) == token.Recipient)
            {
                return news;
            }
        }

        address = default;
        return report.Recipients.MinBy(news => news switch
        {
            { Kind: ReportKind.Bounce, IsHard: true } => 0,
            { Kind: ReportKind.Bounce } => 1,
            { Kind: ReportKind.Delay } => 2,
            { Kind: ReportKind.AutoReply } => 3,
            _ => 4,
        })!;
    }

    // Who holds the header's token and the recipient's own return path of one message has that recipient's copy.
    private ReturnToken WithRecipient(ReturnToken token, MailReport report)
    {
        if (token.Recipient != default || Read(report.OriginalSender) is not { IsNull: false } sender)
        {
            return token;
        }

        return parts.Door.Open(sender.Local, TokenPurpose.Bounce, out var path) is TokenVerdict.Good && path.Id == token.Id ? token with { Recipient = path.Recipient } : token;
    }

    private void Tokenless(InboundMail mail, in InboundRecipient recipient, ReportedRecipient news)
    {
        Keep(mail, recipient, InboundNews.Tokenless, "a complaint without a good token");
        if (_tokenless.TryTake(System.Net.IPAddress.None))
        {
            parts.Events.Write(new Event { Kind = EventKind.Complained, Time = clock.GetUtcNow(), RecipientIndex = -1, Client = mail.Client, Rule = NullIfEmpty(news.Complaint), Reason = "without a good token: kept, not acted on" });
        }
    }

    private void Keep(InboundMail mail, in InboundRecipient recipient, InboundNews kind, string why)
    {
        parts.Shelf.Keep(mail, recipient.Address, why);
        parts.Meter.Heard(kind);
    }

    private bool IsNew(InboundNews kind, MessageId id, AddressDigest recipient)
    {
        var isNew = _recent.Add(new RecentReports.Key((byte)kind, id, recipient));
        parts.Meter.Heard(isNew ? kind : InboundNews.Repeated);
        return isNew;
    }

    private void Tell(ReturnToken token, ReportedRecipient news, in Mailbox address, string? reason)
    {
        var line = Line(news.Kind is ReportKind.AutoReply ? EventKind.AutoReply : EventKind.BounceReport, token, address) with
        {
            Code = news.Code,
            Enhanced = news.Status,
            Category = news.Category,
            Reply = NullIfEmpty(news.Diagnostic),
            Reason = reason,
        };
        parts.Events.Write(news.Kind is ReportKind.AutoReply ? line : line with { Disposition = DispositionOf(news, token) });
    }

    private void Watch(InboundNews kind, ReturnToken token, ReportedRecipient news)
    {
        if (kind is InboundNews.Hard or InboundNews.Soft or InboundNews.Complaint)
        {
            var (account, stream) = parts.Names.Of(token.Stream);
            if (kind is InboundNews.Complaint)
            {
                parts.Meter.Complained(account, stream);
            }

            parts.Watch.Heard(new ReportNews(news.Kind, token.Id, account, stream, news.Category, kind is InboundNews.Hard, clock.GetUtcNow()) { Campaign = token.Campaign });
        }
    }

    private Event Line(EventKind kind, ReturnToken token, in Mailbox address)
    {
        var (account, stream) = parts.Names.Of(token.Stream);
        return new Event
        {
            Kind = kind,
            Time = clock.GetUtcNow(),
            Id = token.Id,
            RecipientIndex = -1,
            To = address.Wire,
            Domain = address.IsNull ? null : address.Domain.Name,
            Account = account,
            Stream = stream,
        };
    }

    private static Disposition DispositionOf(ReportedRecipient news, ReturnToken token) =>
        news.Kind is ReportKind.Delay ? Disposition.Retry
        : news.IsHard && token.Recipient != default ? Disposition.Suppress
        : Disposition.Fail;

    private static InboundNews NewsOf(ReportedRecipient news) => news.Kind switch
    {
        ReportKind.Bounce => news.IsHard ? InboundNews.Hard : InboundNews.Soft,
        ReportKind.Delay => InboundNews.Delay,
        ReportKind.AutoReply => InboundNews.AutoReply,
        _ => InboundNews.Complaint,
    };

    private static Mailbox Read(string text) => text.Length > 0 && Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var address) ? address : default;

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    private static string Printable(string text) =>
        string.Create(Math.Min(text.Length, Mailbox.MaxLength), text, static (line, source) =>
        {
            for (var at = 0; at < line.Length; at++)
            {
                line[at] = char.IsControl(source[at]) ? ' ' : source[at];
            }
        });
}
