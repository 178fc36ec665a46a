namespace Engine.Feedback.Reading;

/// <summary>Whether words say that a mail is late and still tried.</summary>
internal static class DelaySigns
{
    private static readonly WordSet Signs = new(
            "has not yet been delivered", "still being retried", "will be retried", "THIS IS A WARNING", "WARNING MESSAGE ONLY", "temporary failure report", "Delivery attempts will continue", "You do not need to re-send", "DO NOT NEED TO RESEND", "message still undelivered",
            "Delivery incomplete", "temporary problem delivering", "will keep trying", "will retry for", "has been delayed", "Delivery is delayed", "konnte bisher nicht zugestellt", "Zustellung verzögert");

    private static readonly WordSet Subjects = new("delayed", "(delay)", "still being retried", "warning: message", "delivery delay", "verzögert", "Could not send message for past");

    /// <summary>Whether it is late, and no failure yet.</summary>
    public static bool Speak(ReceivedMail mail) => Signs.In(mail.Words) || (mail.Failed.Length == 0 && Subjects.In(mail.Subject));
}
