using System.Buffers;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>A message to be accepted. Its memory may be reused once <see cref="MailQueue.AcceptAsync"/> has completed.</summary>
/// <param name="Envelope">Each recipient names one of the heads.</param>
/// <param name="Heads">At least one.</param>
/// <param name="Content">The body after the empty line: CRLF line ends, not dot-stuffed. With <see cref="Before"/>, the end of it.</param>
internal sealed record NewMessage(Envelope Envelope, IReadOnlyList<MessageHead> Heads, ReadOnlySequence<byte> Content)
{
    /// <summary>
    /// The beginning of a large body, written already: of <see cref="MailQueue.BeginContent"/> with this message's id. Null when
    /// <see cref="Content"/> is all. Stays the caller's to dispose of, and is good for one accept.
    /// </summary>
    public IIncomingContent? Before { get; init; }

    /// <summary>Octets of the whole body.</summary>
    public long Size => Content.Length + (Before?.Length ?? 0);
}
