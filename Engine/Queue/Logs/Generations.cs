namespace Engine.Queue.Logs;

/// <summary>
/// The logs of one shard as one space of addresses. Generation 0 takes everything that happens. When the head of a log is mostly dead,
/// what still lives there is copied to the next generation, so that one straggler does not keep days of traffic on the disk.
/// </summary>
internal sealed class Generations : IDisposable
{
    public const int Count = 3;

    // Copies are committed by the piece: little memory is enough.
    private const int CopyPages = 2;

    private readonly FasterMessageLog[] _logs;
    private readonly ISpoolDisk _disk;

    /// <param name="disk">Owned from now on.</param>
    /// <param name="layout">Of generation 0; the others have less memory.</param>
    public Generations(ISpoolDisk disk, LogLayout layout)
    {
        _disk = disk;
        Layout = layout;
        var small = layout with { MemoryBits = Math.Min(layout.MemoryBits, layout.PageBits + CopyPages) };
        _logs = new FasterMessageLog[Count];
        try
        {
            for (var generation = 0; generation < Count; generation++)
            {
                _logs[generation] = new FasterMessageLog(disk.Log(generation), generation == 0 ? layout : small);
            }
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>Page and segment size are the same in all.</summary>
    public LogLayout Layout { get; }

    /// <summary>Octets between begin and tail of all logs.</summary>
    public long Octets
    {
        get
        {
            var sum = 0L;
            foreach (var log in _logs)
            {
                sum += log.Tail - log.Begin;
            }

            return sum;
        }
    }

    public IMessageLog this[int generation] => _logs[generation];

    /// <summary>The segment an address lies in, generation and all.</summary>
    public long SegmentOf(long address) => address >> Layout.SegmentBits;

    /// <summary>As <see cref="IMessageLog.Read"/>.</summary>
    public int Read(long address, Span<byte> target) => _logs[SpoolAddress.GenerationOf(address)].Read(SpoolAddress.LocalOf(address), target);

    /// <summary>Whether a frame could be read there: not given up, and committed.</summary>
    public bool Holds(long address)
    {
        var log = _logs[SpoolAddress.GenerationOf(address)];
        var local = SpoolAddress.LocalOf(address);
        return local >= log.Begin && local < log.Committed;
    }

    /// <summary>Path of the file that holds an address, for messages.</summary>
    public string FileOf(long address) => _logs[SpoolAddress.GenerationOf(address)].FileOf(SpoolAddress.LocalOf(address));

    public void Dispose()
    {
        foreach (var log in _logs)
        {
            log?.Dispose();
        }

        _disk.Dispose();
    }
}
