using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>Signs heads, one message after the other. One per session; not thread-safe.</summary>
internal interface IHeadSealer : IDisposable
{
    /// <summary>Begins a message of this author domain. When it will be signed, the body must be appended; when it is refused, it must not be sealed.</summary>
    Sealing Begin(DomainName headerFrom);

    /// <summary>Takes the next octets of the body.</summary>
    void AppendBody(ReadOnlySpan<byte> octets);

    /// <summary>Ends the body, and seals a head for it. May be called again for other heads of the same message: one body hash, a set of signatures each.</summary>
    /// <param name="head">The header block as it goes out, with the empty line that ends it.</param>
    /// <param name="time">For t= and x=.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The head, signatures before it. Its octets are borrowed until the next call, and from <paramref name="head"/> when it goes unsigned.</returns>
    ValueTask<MessageHead> SealAsync(ReadOnlyMemory<byte> head, SigningTime time, CancellationToken stop);
}
