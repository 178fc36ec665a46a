using Engine.Mail;
using Engine.Queue;

namespace Engine.Feedback;

/// <summary>What a sender is to be told. Of a failure or delay the recipient stays in flight until the notice is accepted, and its message in the log: nothing of it is held here.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Slot">Settled or deferred afterwards; <see cref="NoticeDesk.Settled"/> when it is already.</param>
/// <param name="Id">The message it is about.</param>
/// <param name="Envelope">Of that message when it is settled already; otherwise null, and read when the notice is made.</param>
/// <param name="Recipient">Index of the recipient.</param>
/// <param name="Outcome">What ended or delayed it.</param>
/// <param name="End">How it is settled; of no meaning for a delay.</param>
/// <param name="Line">The event, written last, or at once where the recipient is settled already; owns its memory. Null when it is written.</param>
internal sealed record Notice(NoticeKind Kind, int Slot, MessageId Id, Envelope? Envelope, int Recipient, Outcome Outcome, EndKind End, Event? Line)
{
    /// <summary>Where the recipient stands in <see cref="Envelope"/>: an envelope may hold him alone.</summary>
    public int Place { get; init; } = Recipient;

    /// <summary>Header block to return where the message is not read again; owns its memory.</summary>
    public ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>Of a delay: what becomes of the recipient once the notice is accepted.</summary>
    public Deferral Deferral { get; init; }

    /// <summary>Of a delay: until when it is tried.</summary>
    public DateTimeOffset GiveUpAt { get; init; }
}
