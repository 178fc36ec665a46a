using System.Buffers;
using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>
/// Says what a mail that came back reports: bounces and delays (RFC 3464, RFC 6533, and the many that are neither), complaints (RFC 5965 and Microsoft's form), auto-replies
/// (RFC 3834 and practice). Never throws, whatever the mail; looks at its first MiB only. Keeps nothing: calls from any thread.
/// </summary>
/// <remarks>What it says is what the mail claims. Whether to act on it is for him who knows whether the mail was expected: a token in the address it was sent to.</remarks>
internal sealed class ReportReader
{
    // Bounces within bounces: gateways make one, rarely two. Each is read anew, so more would let a stranger's mail cost its length squared.
    private const int MaxEnclosed = 2;

    private readonly BounceJudge _judge;
    private readonly ServiceNotice _notices;

    /// <param name="classifier">Judges what servers said.</param>
    /// <param name="book">Tells whose host answered; the shipped one by default.</param>
    public ReportReader(ReplyClassifier classifier, ProviderBook? book = null)
    {
        _judge = new BounceJudge(classifier, book ?? ProviderBook.Shipped);
        _notices = new ServiceNotice(_judge);
    }

    /// <summary>Reads a mail.</summary>
    /// <param name="mail">As it came, or its first part; line ends of any kind.</param>
    public MailReport Read(ReadOnlyMemory<byte> mail)
    {
        var text = ArrayPool<char>.Shared.Rent(Math.Min(mail.Length, MimeTree.MaxLength) + 1);
        try
        {
            var length = MimeText.Widen(mail.Span, text);
            return Read(MimeTree.Of(text.AsMemory(0, length)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }

    private MailReport Read(MimeTree tree)
    {
        var mail = ReceivedMail.Of(tree);
        var original = OriginalMail.Of(mail.Original);
        var report = ComplaintReader.Read(mail, original) ?? _notices.Read(mail) ?? Failures(mail, original, depth: 0) ?? AutoReply(mail) ?? MailReport.Nothing;
        return Filled(report, mail, original);
    }

    // What the report itself does not tell, its returned mail may; and a token may stand in the report's own header.
    private static MailReport Filled(MailReport report, ReceivedMail mail, OriginalMail original)
    {
        var own = original.FeedbackId.Length == 0 ? mail.FeedbackId : original.FeedbackId;
        var told = original.Id.Length > 0 || report.Kind is ReportKind.None ? original.Id : mail.Answered;
        return report with
        {
            OriginalId = report.OriginalId.Length > 0 ? report.OriginalId : told,
            FeedbackId = report.FeedbackId.Length > 0 ? report.FeedbackId : own,
            OriginalSender = report.OriginalSender.Length > 0 ? report.OriginalSender : original.Sender,
        };
    }

    private MailReport? Failures(ReceivedMail mail, OriginalMail original, int depth)
    {
        var entries = new List<StatusEntry>();
        if (mail.Status is { } fields)
        {
            StatusFields.Read(fields.Span, entries);
        }

        // Structure lost on the way, or a bounce that a person forwarded: the fields stand in the text.
        if (entries.Count == 0)
        {
            StatusFields.ReadSpoken(mail.AllWords, entries);
        }

        if (entries.Count > 0)
        {
            return Listed(mail, entries);
        }

        if (mail.Status is null && (AutoReplySigns.Speaks(mail) || BounceSigns.IsAnswer(mail) || !BounceSigns.Speaks(mail)))
        {
            return null;
        }

        return Spoken(mail, original) ?? (depth < MaxEnclosed ? Enclosed(mail, depth + 1) : null);
    }

    private MailReport? Listed(ReceivedMail mail, List<StatusEntry> entries)
    {
        var spoken = entries.TrueForAll(static entry => entry is { SaysAll: true, Address.Length: > 0 }) ? [] : SpokenRecipients.In(mail.Words, string.Empty, string.Empty);
        var recipients = new List<ReportedRecipient>(entries.Count);
        foreach (var entry in entries)
        {
            var address = entry.Address.Length > 0 ? entry.Address : mail.Failed.Length > 0 ? AddressScan.Find(mail.Failed) : spoken.Count > 0 ? spoken[0].Address : string.Empty;
            if (entry.Kind is ReportKind.Bounce or ReportKind.Delay)
            {
                recipients.Add(_judge.Judge(entry.Kind, address, entry, entry.SaysAll ? string.Empty : WordsOf(address, mail, spoken, entries.Count)));
            }
        }

        return recipients.Count == 0 ? MailReport.Nothing : new MailReport(recipients);
    }

    private static string WordsOf(string address, ReceivedMail mail, List<SpokenRecipient> spoken, int count)
    {
        foreach (var each in spoken)
        {
            if (each.Address.Equals(address, StringComparison.OrdinalIgnoreCase))
            {
                return each.Words;
            }
        }

        return count == 1 ? Printable.Line(mail.Words) : string.Empty;
    }

    private MailReport? Spoken(ReceivedMail mail, OriginalMail original)
    {
        var kind = DelaySigns.Speak(mail) ? ReportKind.Delay : ReportKind.Bounce;
        var spoken = SpokenRecipients.In(mail.Words, mail.Addressee, mail.Failed);
        if (spoken.Count > 0)
        {
            var isSole = spoken.Count == 1;
            return new MailReport([.. spoken.Select(each => _judge.Judge(kind, each.Address, null, isSole && each.Words.Length < 200 ? Printable.Line(mail.Words) : each.Words))]);
        }

        // A bounce may hold another one and no words of its own.
        if (mail.Failed.Length == 0 && mail.Enclosed >= 0 && BounceSigns.IsSubject(HeaderLines.Find(mail.Original.Span, "Subject")))
        {
            return null;
        }

        var address = mail.Failed.Length > 0 ? AddressScan.Find(mail.Failed) : original.To.Length > 0 ? original.To : AddressScan.Find(mail.Words);
        address = address.Equals(mail.Addressee, StringComparison.OrdinalIgnoreCase) ? string.Empty : address;
        return new MailReport([_judge.Judge(kind, address, null, Printable.Line(mail.Words))]);
    }

    // A bounce within a bounce, as gateways send on what they got.
    private MailReport? Enclosed(ReceivedMail mail, int depth)
    {
        if (mail.Enclosed < 0 || mail.Parts[mail.Enclosed].Kind is not MimeKind.Message)
        {
            return null;
        }

        var returned = ReceivedMail.Of(MimeTree.Of(MimeText.Of(mail.Parts[mail.Enclosed])));
        return returned.Status is null ? null : Failures(returned, OriginalMail.Of(returned.Original), depth);
    }

    private static MailReport? AutoReply(ReceivedMail mail) =>
        mail.IsDisposition || AutoReplySigns.Speaks(mail) || (mail.IsAutomatic && !BounceSigns.IsSystem(mail))
            ? new MailReport([new ReportedRecipient(ReportKind.AutoReply, mail.Author, default, 0, Category.Unknown, false, Printable.Line(mail.Subject))])
            : null;
}
