using System.Buffers;

namespace Engine.Submission;

/// <summary>A piece of content in memory, and its place in the chain. Rented from a <see cref="BlockPool"/>.</summary>
internal sealed class Block : ReadOnlySequenceSegment<byte>
{
    /// <summary>Octets in one block: a usual message fits into one or two.</summary>
    public const int Size = 16 << 10;

    private readonly byte[] _octets = GC.AllocateUninitializedArray<byte>(Size);

    public int Length { get; private set; }

    public int Room => Size - Length;

    public void Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_octets.AsSpan(Length));
        Length += octets.Length;
        Memory = _octets.AsMemory(0, Length);
    }

    /// <summary>Puts another block behind this one, which must be full.</summary>
    public void Link(Block next)
    {
        next.RunningIndex = RunningIndex + Length;
        Next = next;
    }

    public void Clear()
    {
        Length = 0;
        Memory = default;
        RunningIndex = 0;
        Next = null;
    }
}
