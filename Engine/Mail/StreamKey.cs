using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Mail;

/// <summary>
/// An account and one of its streams as numbers that mean the same on every host of a fleet: for suppression scopes and tokens, that outlive names in memory.
/// </summary>
/// <param name="Account"><c>accounts.NAME.number</c>, below 2²⁴; without one, a digest of the name, at or above 2²⁴.</param>
/// <param name="Stream">A digest of the stream's name; 0 for the unnamed one.</param>
internal readonly record struct StreamKey(uint Account, ushort Stream)
{
    private const uint FirstUnnumbered = 1 << 24;

    /// <param name="account">Its name.</param>
    /// <param name="number">Its number; 0 for none.</param>
    /// <param name="stream">Name of the stream; empty for the unnamed one.</param>
    public static StreamKey Of(string account, int number, string stream) => new(NumberOf(account, number), NumberOf(stream));

    /// <summary>The number of an account.</summary>
    public static uint NumberOf(string account, int number) => number > 0 ? (uint)number : FirstUnnumbered + (uint)(Digest(account) % (uint.MaxValue - FirstUnnumbered + 1UL));

    /// <summary>The number of a stream.</summary>
    public static ushort NumberOf(string stream) => stream.Length == 0 ? (ushort)0 : (ushort)(1 + (Digest(stream) % ushort.MaxValue));

    private static ulong Digest(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
