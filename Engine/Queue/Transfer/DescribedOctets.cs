namespace Engine.Queue.Transfer;

/// <summary>What octets that follow must be.</summary>
/// <param name="Length">How many.</param>
/// <param name="Crc">Their CRC-32C.</param>
internal readonly record struct DescribedOctets(long Length, uint Crc);
