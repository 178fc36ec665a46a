using Engine.Mail;

namespace Engine.Tests.Failures.Crash;

/// <summary>What the queue was asked and what it promised, and at which operation of its disk. Thread-safe.</summary>
/// <param name="disk">Of the queue.</param>
/// <param name="known">Messages there were before.</param>
internal sealed class LabLedger(LabDisk disk, IEnumerable<ExpectedMessage> known)
{
    private readonly Lock _gate = new();
    private readonly List<LedgerLine> _lines = [];
    private readonly Dictionary<MessageId, ExpectedMessage> _now = known.ToDictionary(static message => message.Letter.Id);

    /// <summary>In order.</summary>
    public IReadOnlyList<LedgerLine> Lines => _lines;

    /// <summary>Every message there ever was, as it must be now.</summary>
    public IReadOnlyList<ExpectedMessage> Now
    {
        get
        {
            lock (_gate)
            {
                return [.. _now.Values];
            }
        }
    }

    public void Submit(Letter letter) => Write(letter.Id, _ => new ExpectedMessage(letter, IsCertain: false, 0, 0));

    public void Note(MessageId id, Func<ExpectedMessage, ExpectedMessage> change) => Write(id, old => change(old!));

    /// <summary>Of all recipients.</summary>
    public void Note(MessageId id, Func<ExpectedRecipient, ExpectedRecipient> change) => Note(id, message => message.With(change));

    /// <summary>Of one recipient.</summary>
    public void Note(MessageId id, int recipient, Func<ExpectedRecipient, ExpectedRecipient> change) => Note(id, message => message.With(recipient, change));

    private void Write(MessageId id, Func<ExpectedMessage?, ExpectedMessage> change)
    {
        lock (_gate)
        {
            _now[id] = change(_now.GetValueOrDefault(id));
            _lines.Add(new LedgerLine(disk.Count, _now[id]));
        }
    }
}
