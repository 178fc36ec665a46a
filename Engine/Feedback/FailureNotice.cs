using System.Buffers;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Feedback;

/// <summary>A failure whose sender is to be told; the recipient stays in flight until the notice is accepted.</summary>
/// <param name="Slot">Settled afterwards.</param>
/// <param name="Id">The failed message.</param>
/// <param name="Envelope">Of the failed message.</param>
/// <param name="Recipient">Index of the recipient.</param>
/// <param name="Outcome">What ended it.</param>
/// <param name="Head">Header block; owned.</param>
/// <param name="Content">Body for RET=FULL; owned.</param>
/// <param name="End">How it is settled.</param>
/// <param name="Line">The event written last; owns its memory.</param>
internal sealed record FailureNotice(int Slot, MessageId Id, Envelope Envelope, int Recipient, Outcome Outcome, ReadOnlyMemory<byte> Head, ReadOnlySequence<byte> Content, EndKind End, Event Line);
