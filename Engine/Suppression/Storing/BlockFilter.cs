using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Engine.Configuration;

namespace Engine.Suppression.Storing;

/// <summary>
/// A split-block Bloom filter: eight bits of a key in one block of 32 octets, one cache line to look at. Never says no to a key that was added. With 16 bits a key it says maybe
/// to 1 in 770 of the others, with 12 to 1 in 190, with 8 to 1 in 50 or so.
/// </summary>
/// <remarks>
/// Native memory, freed by the finaliser: a reader may still look while a newer set of runs is in service, and only the collector knows when the last has gone. The collector is told of
/// its size. One writer before it is shared; any number of readers after.
/// </remarks>
internal sealed unsafe partial class BlockFilter
{
    /// <summary>Octets that <see cref="Piece"/> gives at once.</summary>
    public const int PieceLength = 64 << 20;

    private const int BlockLength = 32;

    // x86-64 and, with pages of 4 KiB, ARM64.
    private const nuint HugePage = 2 << 20;

    // MADV_HUGEPAGE of asm-generic/mman-common.h.
    private const int AdviseHugePage = 14;

    private readonly uint* _blocks;
    private readonly ulong _count;

    /// <param name="blocks">Blocks of 32 octets; all zero at first.</param>
    public BlockFilter(long blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        _count = (ulong)blocks;
        var length = (nuint)(blocks * BlockLength);
        _blocks = (uint*)NativeMemory.AlignedAlloc(length, length < HugePage ? 64 : HugePage);
        if (length >= HugePage && OperatingSystem.IsLinux())
        {
            // A look lands anywhere in it: with pages of 4 KiB each would miss the TLB as well. A kernel that has none goes without, so the answer does not matter.
            _ = Advise(_blocks, length, AdviseHugePage);
        }

        NativeMemory.Clear(_blocks, (nuint)(blocks * BlockLength));
        GC.AddMemoryPressure(Octets);
    }

    ~BlockFilter()
    {
        NativeMemory.AlignedFree(_blocks);
        GC.RemoveMemoryPressure(Octets);
    }

    public long Octets => (long)_count * BlockLength;

    private static Vector256<uint> Salts => Vector256.Create(0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU, 0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U);

    /// <summary>Blocks for so many keys.</summary>
    public static long BlocksFor(long keys, double bits) => Math.Max(1, (long)Math.Ceiling(keys * bits / (BlockLength * 8)));

    /// <summary>
    /// Bits a key: 16, or what the memory has for all runs and a quarter more, at least 4; half as many again for a run that is small beside the others, for every run is asked.
    /// </summary>
    /// <param name="records">Of the run.</param>
    /// <param name="all">Of all runs.</param>
    /// <param name="memory">What all filters may take.</param>
    public static double BitsFor(long records, long all, ByteSize memory)
    {
        var bits = Math.Clamp(memory.Octets * 8 / (1.25 * Math.Max(1, Math.Max(records, all))), 4, 16);
        return records < all / 8 ? bits * 1.5 : bits;
    }

    public void Add(StoredKey key)
    {
        var block = Block(key);
        (Vector256.Load(block) | Bits((uint)key.High)).Store(block);
        GC.KeepAlive(this);
    }

    /// <summary>False when the key was not added for certain.</summary>
    public bool MayHold(StoredKey key)
    {
        var missing = Vector256.AndNot(Bits((uint)key.High), Vector256.Load(Block(key)));
        GC.KeepAlive(this);
        return missing == Vector256<uint>.Zero;
    }

    /// <summary>Brings the block of a key near, for a look that follows.</summary>
    public void Prefetch(StoredKey key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Block(key));
        }
    }

    /// <summary>A part of it, to be written or filled: <see cref="PieceLength"/> octets, fewer at the end.</summary>
    /// <param name="offset">Octets from its start.</param>
    /// <param name="use">Gets the part.</param>
    public void Piece(long offset, Action<nint, int> use)
    {
        use((nint)_blocks + (nint)offset, (int)Math.Min(PieceLength, Octets - offset));
        GC.KeepAlive(this);
    }

    private static Vector256<uint> Bits(uint hash)
    {
        var shifts = Vector256.ShiftRightLogical(Vector256.Create(hash) * Salts, 27);
        if (Avx2.IsSupported)
        {
            return Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, shifts);
        }

        var bits = Vector256<uint>.Zero;
        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            bits = bits.WithElement(lane, 1U << (int)shifts[lane]);
        }

        return bits;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);

    private uint* Block(StoredKey key) => _blocks + (Math.BigMul(key.Low, _count, out _) * (BlockLength / sizeof(uint)));
}
