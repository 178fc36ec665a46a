using Engine.Mail;
using Engine.Queue;

namespace Engine.Feedback;

/// <summary>A failure whose sender is to be told. The recipient stays in flight until the notice is accepted, and its message in the log: nothing of it is held here.</summary>
/// <param name="Slot">Settled afterwards; <see cref="NoticeDesk.Settled"/> when it is already.</param>
/// <param name="Id">The failed message.</param>
/// <param name="Envelope">Of the failed message when it is settled already; otherwise null, and read when the notice is made.</param>
/// <param name="Recipient">Index of the recipient.</param>
/// <param name="Outcome">What ended it.</param>
/// <param name="End">How it is settled.</param>
/// <param name="Line">The event written last; owns its memory.</param>
internal sealed record FailureNotice(int Slot, MessageId Id, Envelope? Envelope, int Recipient, Outcome Outcome, EndKind End, Event Line);
