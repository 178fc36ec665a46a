using Engine.Feedback.Reports;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The envelope of the transaction that is open. One per session, used again for each message.</summary>
internal sealed class MailDraft
{
    /// <summary>In force when MAIL was said; the whole transaction is judged by them.</summary>
    public SubmissionRules Rules { get; private set; } = null!;

    public LoginRules Login { get; private set; } = null!;

    public Mailbox Sender { get; private set; }

    public MailParameters Parameters { get; private set; }

    public List<Recipient> Recipients { get; } = [];

    /// <summary>On a feedback listener: the addresses of ours that it is for.</summary>
    public List<InboundRecipient> Inbound { get; } = [];

    public void Begin(SubmissionRules rules, LoginRules login, Mailbox sender, MailParameters parameters)
    {
        (Rules, Login, Sender, Parameters) = (rules, login, sender, parameters);
        Recipients.Clear();
    }

    /// <summary>Begins a transaction on a feedback listener: there are no logins.</summary>
    public void BeginInbound(SubmissionRules rules, Mailbox sender, MailParameters parameters)
    {
        (Rules, Sender, Parameters) = (rules, sender, parameters);
        Inbound.Clear();
    }
}
