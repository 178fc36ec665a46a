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

    public void Begin(SubmissionRules rules, LoginRules login, Mailbox sender, MailParameters parameters)
    {
        (Rules, Login, Sender, Parameters) = (rules, login, sender, parameters);
        Recipients.Clear();
    }
}
