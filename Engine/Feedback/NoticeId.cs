using System.Buffers.Binary;
using System.Security.Cryptography;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>The id of a notice follows from what it is about, so that writing it again after a crash is a no-op.</summary>
internal static class NoticeId
{
    private const ulong Low52 = (1UL << 52) - 1;

    /// <param name="message">The message that failed.</param>
    /// <param name="recipient">Index of the recipient.</param>
    /// <param name="kind">Distinguishes notices about the same recipient.</param>
    public static MessageId Of(MessageId message, int recipient, byte kind)
    {
        Span<byte> cause = stackalloc byte[13];
        BinaryPrimitives.WriteUInt64LittleEndian(cause, message.Value);
        BinaryPrimitives.WriteInt32LittleEndian(cause[8..], recipient);
        cause[12] = kind;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(cause, hash);
        return new MessageId((message.Value & ~Low52) | (BinaryPrimitives.ReadUInt64LittleEndian(hash) & Low52));
    }
}
