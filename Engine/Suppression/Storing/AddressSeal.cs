using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Engine.Suppression.Storing;

/// <summary>
/// AES-256-GCM over a batch of addresses: nonce, what is sealed, tag. The nonce is 96 random bits: no counter has to survive a crash, a cut tail or a restored copy. A key is good for 2³² batches (NIST SP 800-38D
/// §8.3), and a batch is a commit or 64 KiB of a run. The place a batch stands at is authenticated with it: batches cannot be moved about.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class AddressSeal(byte[] key) : IDisposable
{
    /// <summary>Octets more than what is sealed.</summary>
    public const int Overhead = NonceLength + TagLength;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly AesGcm _cipher = new(key, TagLength);

    /// <param name="plain">What is sealed.</param>
    /// <param name="file">Number of the file.</param>
    /// <param name="position">Where in it.</param>
    /// <param name="target"><see cref="Overhead"/> octets longer.</param>
    public void Seal(ReadOnlySpan<byte> plain, long file, long position, Span<byte> target)
    {
        RandomNumberGenerator.Fill(target[..NonceLength]);
        _cipher.Encrypt(target[..NonceLength], plain, target.Slice(NonceLength, plain.Length), target.Slice(NonceLength + plain.Length, TagLength), Place(file, position, stackalloc byte[16]));
    }

    /// <exception cref="CryptographicException">It is not what was sealed at this place with this key.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedOctets, long file, long position)
    {
        if (sealedOctets.Length < Overhead)
        {
            throw new CryptographicException("too short");
        }

        var plain = new byte[sealedOctets.Length - Overhead];
        _cipher.Decrypt(sealedOctets[..NonceLength], sealedOctets[NonceLength..^TagLength], sealedOctets[^TagLength..], plain, Place(file, position, stackalloc byte[16]));
        return plain;
    }

    public void Dispose() => _cipher.Dispose();

    private static Span<byte> Place(long file, long position, Span<byte> place)
    {
        BinaryPrimitives.WriteInt64LittleEndian(place, file);
        BinaryPrimitives.WriteInt64LittleEndian(place[8..], position);
        return place;
    }
}
