using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Engine.Dns;

/// <summary>Chance from the operating system's cryptographic source, for what an attacker must not guess (query ids, RFC 5452 §9.2). Thread-safe.</summary>
internal sealed class UnguessableRandom : Random
{
    public override int Next() => RandomNumberGenerator.GetInt32(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue == 0 ? 0 : RandomNumberGenerator.GetInt32(maxValue);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxValue, minValue);
        return minValue == maxValue ? minValue : RandomNumberGenerator.GetInt32(minValue, maxValue);
    }

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    public override double NextDouble() => Sample();

    // 53 bits, as many as a double tells apart below one.
    protected override double Sample()
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(octets);
        return (BinaryPrimitives.ReadUInt64LittleEndian(octets) >> 11) * (1.0 / (1UL << 53));
    }
}
