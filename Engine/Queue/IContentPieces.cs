namespace Engine.Queue;

/// <summary>Content that is read piece by piece, as often and in whatever order is wanted. One user at a time.</summary>
internal interface IContentPieces
{
    /// <summary>Pieces there are.</summary>
    int Count { get; }

    /// <summary>Octets of all of them.</summary>
    long Length { get; }

    /// <summary>The last two octets, or the only one. Not checked against the checksum: that comes with the piece.</summary>
    ReadOnlyMemory<byte> Ending { get; }

    /// <summary>Reads a piece and checks it. Blocks for the disk when it is not in the system's cache.</summary>
    /// <returns>Borrowed until the next call or <see cref="Release"/>.</returns>
    /// <exception cref="QueueDamagedException">The octets are not those that were written.</exception>
    /// <exception cref="IOException">The disk does not give them.</exception>
    ReadOnlyMemory<byte> Read(int piece);

    /// <summary>Gives the memory of the piece read last back. Reading may go on afterwards.</summary>
    void Release();
}
