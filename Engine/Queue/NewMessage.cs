using System.Buffers;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>A message to be accepted. Its memory may be reused once <see cref="MailQueue.AcceptAsync"/> has completed.</summary>
/// <param name="Envelope">Each recipient names one of the heads.</param>
/// <param name="Heads">At least one.</param>
/// <param name="Content">The body after the empty line: CRLF line ends, not dot-stuffed.</param>
internal sealed record NewMessage(Envelope Envelope, IReadOnlyList<MessageHead> Heads, ReadOnlySequence<byte> Content);
