namespace Engine.Queue.Waiting;

/// <summary>
/// Where the last defer frame of a recipient stands, for the reply text: 4 octets a slot, and only for chunks of slots in which somebody
/// was deferred. Kept is the address in units of 4 octets, modulo 2^32: whoever reads looks there, then 16 GiB further back, and knows
/// the frame by its message and recipient.
/// </summary>
internal sealed class Details
{
    /// <summary>Octets after which the kept number repeats.</summary>
    public const long Period = 4L << 32;

    private const int ChunkBits = 12;

    private uint[]?[] _chunks = new uint[16][];

    /// <summary>0 for none.</summary>
    public uint this[int slot] => (slot >> ChunkBits) < _chunks.Length && _chunks[slot >> ChunkBits] is { } chunk ? chunk[slot & ((1 << ChunkBits) - 1)] : 0;

    /// <param name="slot">Of the recipient.</param>
    /// <param name="detail">As <see cref="Of"/> makes it; 0 for none.</param>
    public void Set(int slot, uint detail)
    {
        var number = slot >> ChunkBits;
        if (detail == 0 && (number >= _chunks.Length || _chunks[number] is null))
        {
            return;
        }

        while (number >= _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length * 2);
        }

        (_chunks[number] ??= new uint[1 << ChunkBits])[slot & ((1 << ChunkBits) - 1)] = detail;
    }

    public static uint Of(long address) => (uint)(address >> 2);
}
