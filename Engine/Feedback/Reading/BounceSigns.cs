namespace Engine.Feedback.Reading;

/// <summary>Whether a mail without a machine-readable part says that another one was not delivered. Two of three must speak: author, subject, words.</summary>
internal static class BounceSigns
{
    private const int MaxWords = 8_192;

    private static readonly WordSet Authors = new(
        "mailer-daemon", "mailerdaemon", "postmaster", "post_master", "mail delivery", "mail.delivery", "maildelivery", "mail deliver", "mail system", "mail administrator", "system administrator", "mailmaster",
        "delivery subsystem", "delivery system", "undeliver", "interscan", "mail-daemon", "mdaemon", "smtp server", "bounce@", "noreply-bounce", "mail router", "symantec_antivirus", "mailmarshal", "trend micro");

    private static readonly WordSet Subjects = new(
        "undeliver", "undelivr", "not delivered", "could not be delivered", "couldn't be delivered", "delivery status notification", "delivery notification", "delivery failure", "delivery failed", "delivery has failed", "delivery failed",
        "delivery error", "delivery problem", "delivery report", "delivery delay", "delivery incomplete", "delivery unsuccess", "failed delivery", "failure delivery", "failure notice", "failed mail", "failed message", "failure notification", "mail failure",
        "mail failed", "mail system error", "mail error", "mail delivery", "message delivery", "returned mail", "returned e-mail", "returned message", "return mail", "returning message", "returned to sender", "nondeliver", "non-deliver", "non deliver",
        "unable to deliver", "unknown user", "user unknown", "rejected:", "message status", "warning: message", "delayed mail", "delayed", "still being retried", "cannot send", "error sending your mail", "bounced mail", "permanent delivery failure",
        "errors from", "not member", "loop alert", "mail could not", "undelivered", "unzustellbar", "nicht zustellbar", "nicht zugestellt", "zustellfehler", "unzustellbare", "non remis", "non distribu", "chec de remise", "no se puede entregar", "no entregado",
        "error en la entrega", "devuelto", "correo devuelto", "mancato recapito", "non recapit", "impossibile recapitare", "consegna fallita", "não entregue", "falha na entrega", "no pudo ser entregado", "не доставлено", "недоставлен", "не может быть доставлено", "niedostarcz",
        "nie dostarczono", "onbestelbaar", "niet bezorgd", "olevererbart", "kunde inte levereras", "kan ikke leveres", "toimitus ep", "doručit", "配信", "送信でき", "届け", "エラー", "系统退信", "退信", "退件", "投递", "无法投递", "전달");

    private static readonly WordSet Phrases = new(
        "could not be delivered", "couldn't be delivered", "can not be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "wasn't delivered", "not been delivered", "not yet been delivered", "did not reach", "has not reached", "failed permanently",
        "delivery failed", "delivery has failed", "failed delivery", "delivery to the following", "unable to deliver", "wasn't able to deliver", "were unable to deliver", "not able to deliver", "trouble delivering", "error delivering", "attempting to deliver",
        "permanent error", "permanent fatal error", "permanent delivery error", "had delivery problems", "had delivery errors", "delivery error", "transcript of session", "transcript of the attempts", "address(es) failed", "address failed", "failed addresses",
        "undeliverable", "undelivered", "rejected by a remote", "returned permanent errors", "error was encountered", "cannot send message", "failure reasons", "no valid recipients", "did not receive", "returned to sender", "failed to deliver", "non-deliver",
        "could not be sent", "couldn't be sent", "message not delivered", "was rejected", "problem with the e-mail address", "did not like our", "not a member of this mailing list", "duplicated message-id in", "invalid user address", "not be forwarded",
        "user mailbox exceeds", "unknown user:", "unknown host:", "unknown recipient", "is delayed", "message is late", "konnte nicht zugestellt", "nicht zugestellt", "nicht übermittelt", "n'a pas pu être", "n'a pu être", "pas pu être remis", "no se pudo entregar",
        "no ha podido ser", "no pudo entregarse", "impossibile consegnare", "non è stato possibile", "não pôde ser", "não foi possível entregar", "не может быть доставлено", "не удалось доставить", "не доставлено", "kon niet worden", "nie może zostać dostarczona", "送信でき",
        "配信でき", "届きません", "送信に失敗", "配送でき", "お届けでき", "无法送达", "无法投递", "退回", "無法", "전송하지");

    // What nobody writes but a mail system: enough alone.
    private static readonly WordSet Formulas = new(
        "This is the qmail-send program", "The following address(es) failed", "created automatically by mail delivery software", "Transcript of session follows", "had permanent fatal errors", "This is the MAILER-DAEMON", "DragonFly Mail Agent", "Could not be delivered to: <",
        "Unable to deliver message to the following", "Each of the following recipients was rejected", "did not reach the following recipient(s)", "not listed in Domino Directory", "Delivery to the following recipients failed", "Delivery to the following recipient failed permanently",
        "This is the mail system at host", "This is the Postfix program at host", "Your message to the following recipients cannot be delivered", "The following recipients did not receive");

    /// <summary>Whether the author is a mail system.</summary>
    public static bool IsSystem(ReceivedMail mail) => Authors.In(mail.From);

    /// <summary>Whether the mail reports a failure or a delay.</summary>
    public static bool Speaks(ReceivedMail mail)
    {
        if (mail.Failed.Length > 0)
        {
            return true;
        }

        var words = mail.Words.AsSpan()[..Math.Min(mail.Words.Length, MaxWords)];
        var isSystem = mail.IsFromNobody || IsSystem(mail);
        if (!isSystem && mail.Subject.AsSpan().TrimStart().StartsWith("re:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var voices = (isSystem ? 1 : 0) + (Subjects.In(mail.Subject) ? 1 : 0) + (Phrases.In(words) ? 1 : 0);
        return voices >= 2 || Formulas.In(words);
    }

    /// <summary>Whether a person's mail system answered for it: the mail says that no person sent it (RFC 3834), its author is a person, and nothing in it is a bounce's for certain.</summary>
    public static bool IsAnswer(ReceivedMail mail) =>
        mail.IsAutomatic && mail.Failed.Length == 0 && !IsSystem(mail) && !Formulas.In(mail.Words.AsSpan()[..Math.Min(mail.Words.Length, MaxWords)]);

    /// <summary>Whether the subject is that of a bounce.</summary>
    public static bool IsSubject(ReadOnlySpan<char> subject) => Subjects.In(subject);

}
