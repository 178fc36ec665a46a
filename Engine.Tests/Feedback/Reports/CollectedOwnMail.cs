using Engine.Mail;

namespace Engine.Tests.Feedback.Reports;

/// <summary>An intake that keeps what it is given, and refuses when told.</summary>
internal sealed class CollectedOwnMail : IIntake
{
    public List<OwnMessage> All { get; } = [];

    /// <summary>Thrown by the next message; null for none.</summary>
    public Exception? Fault { get; set; }

    public ValueTask AcceptAsync(OwnMessage message, CancellationToken stop)
    {
        if (Fault is { } fault)
        {
            return ValueTask.FromException(fault);
        }

        All.Add(message);
        return ValueTask.CompletedTask;
    }
}
