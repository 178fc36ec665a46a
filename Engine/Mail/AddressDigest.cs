using System.Buffers.Binary;

namespace Engine.Mail;

/// <summary>
/// A keyed digest of a normalised address, 96 bits: the name by which suppression and return-path tokens know a recipient. Without the key nothing can be
/// learned from it. Collisions among a billion addresses: about 6 in 10¹².
/// </summary>
internal readonly record struct AddressDigest(ulong High, uint Low)
{
    /// <summary>Octets of it.</summary>
    public const int Length = 12;

    public static AddressDigest Read(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt32BigEndian(octets[8..]));

    public void WriteTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], Low);
    }
}
