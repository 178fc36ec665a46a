namespace Engine.Queue.Snapshots;

/// <summary>
/// A snapshot of the index: blocks of records. A block is its length (4 octets), the CRC-32C of its payload (4), the payload. The
/// first block is the header; the last ends with <see cref="End"/>. Little endian. What is named by number is defined before its
/// first use.
/// </summary>
/// <remarks>
/// <code>
/// header    magic "EQS1", version, number, seconds since 1970, messages about, then address and sequence number of each generation's log
/// domain    name
/// flow      class, account, stream, campaign, sender domain, pool
/// category  name
/// message   id, address, frame length, segments before it, size, flow, accepted, give-up, recipients, heads;
///           of each recipient its state, and of those that are queued marks, domain, due, attempts, category, detail;
///           of each rewritten head its number, address, frame length
/// recent    id of a notice taken lately
/// end       messages, recipients, address up to which it may tell of each log
/// </code>
/// </remarks>
internal static class SnapshotFormat
{
    public const uint Magic = 0x3153_5145;
    public const byte Version = 1;
    public const int BlockHeader = 8;

    /// <summary>A block is closed when it has grown beyond.</summary>
    public const int BlockSize = 256 << 10;

    /// <summary>No block is larger: the largest record is a message with 65 535 recipients and as many heads.</summary>
    public const int MaxBlock = 8 << 20;

    public const byte Domain = 1;
    public const byte Flow = 2;
    public const byte Category = 3;
    public const byte Message = 4;
    public const byte Recent = 5;
    public const byte End = 6;

    /// <summary>Octets of the smallest message.</summary>
    public const int LeastMessage = 50;

    /// <summary>Octets of the end record.</summary>
    public const int EndLength = 1 + (8 * (2 + Logs.Generations.Count));
}
