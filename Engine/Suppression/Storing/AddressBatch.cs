using System.Runtime.InteropServices;

namespace Engine.Suppression.Storing;

/// <summary>Addresses of keys as octets: key, one octet of length, address; one behind the other. What <see cref="AddressSeal"/> seals.</summary>
internal static class AddressBatch
{
    /// <summary>Octets before an address.</summary>
    public const int HeadLength = 17;

    /// <param name="key">Whose.</param>
    /// <param name="address">At most 255 octets.</param>
    /// <param name="target">Where.</param>
    /// <returns>Octets written.</returns>
    public static int Write(StoredKey key, ReadOnlySpan<byte> address, Span<byte> target)
    {
        MemoryMarshal.Write(target, key);
        target[HeadLength - 1] = (byte)address.Length;
        address.CopyTo(target[HeadLength..]);
        return HeadLength + address.Length;
    }

    /// <summary>Reads one, and moves on.</summary>
    public static StoredKey Read(ref ReadOnlyMemory<byte> batch, out ReadOnlyMemory<byte> address)
    {
        var key = MemoryMarshal.Read<StoredKey>(batch.Span);
        var end = HeadLength + batch.Span[HeadLength - 1];
        address = batch[HeadLength..end];
        batch = batch[end..];
        return key;
    }
}
