using System.Buffers;

namespace Engine.Feedback.Reading;

/// <summary>Whether words say that a mail is late and still tried.</summary>
internal static class DelaySigns
{
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "has not yet been delivered", "still being retried", "will be retried", "THIS IS A WARNING", "WARNING MESSAGE ONLY", "temporary failure report", "Delivery attempts will continue", "You do not need to re-send", "DO NOT NEED TO RESEND", "message still undelivered",
            "Delivery incomplete", "temporary problem delivering", "will keep trying", "will retry for", "has been delayed", "Delivery is delayed", "konnte bisher nicht zugestellt", "Zustellung verzögert",
        ],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Subjects = SearchValues.Create(["delayed", "(delay)", "still being retried", "warning: message", "delivery delay", "verzögert", "Could not send message for past"], StringComparison.OrdinalIgnoreCase);

    public static bool Speak(ReceivedMail mail) => mail.Failed.Length == 0 && (mail.Words.AsSpan().ContainsAny(Signs) || mail.Subject.AsSpan().ContainsAny(Subjects));
}
