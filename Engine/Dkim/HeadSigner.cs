using System.Buffers;

namespace Engine.Dkim;

/// <summary>Makes DKIM-Signature headers for a head.</summary>
internal static class HeadSigner
{
    /// <summary>Writes one DKIM-Signature header field per key, each ended by CRLF, to stand before the head.</summary>
    /// <param name="head">The header block, without the empty line that ends it, CRLF line ends.</param>
    /// <param name="bodyHash">32 octets from <see cref="BodyHash"/>.</param>
    /// <param name="keys">From <see cref="KeyRing.For"/>.</param>
    /// <param name="time">For t=.</param>
    /// <param name="output">Takes the fields.</param>
    public static void Sign(ReadOnlySpan<byte> head, ReadOnlySpan<byte> bodyHash, IReadOnlyList<SigningKey> keys, DateTimeOffset time, IBufferWriter<byte> output) =>
        throw new NotImplementedException();
}
