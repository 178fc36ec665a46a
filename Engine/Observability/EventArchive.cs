using System.IO.Compression;
using System.Text.Json;
using Engine.Configuration;

namespace Engine.Observability;

/// <summary>Looks after files whose hour is over: compresses and indexes them, and removes the oldest. A thread of its own, of low priority.</summary>
internal sealed partial class EventArchive : IAsyncDisposable
{
    /// <summary>Octets of lines in one gzip member, about: what a search must decompress for one hit.</summary>
    public const int BlockSize = 256 << 10;

    private const long LittleRoom = 16L << 20;

    private static readonly TimeSpan Turn = TimeSpan.FromHours(1);

    private readonly EventFiles _files;
    private readonly Func<EventsOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<EventArchive> _logger;
    private readonly EventSignal _passes = new();
    private readonly AutoResetEvent _wake = new(initialState: true);
    private readonly ITimer _turn;
    private readonly Thread _thread;
    private int _current;
    private volatile bool _isStopping;

    /// <param name="files">Where they stand.</param>
    /// <param name="options">How long and how much is kept.</param>
    /// <param name="clock">Says how old a file is.</param>
    /// <param name="current">The hour being written; older files are closed, also those an earlier run left.</param>
    /// <param name="logger">Gets faults and removals.</param>
    public EventArchive(EventFiles files, Func<EventsOptions> options, TimeProvider clock, EventHour current, ILogger<EventArchive> logger)
    {
        (_files, _options, _clock, _current, _logger) = (files, options, clock, current.Value, logger);
        _turn = clock.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, Turn, Turn);
        _thread = new Thread(Run) { Name = "event archive", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when all that was closed before it was taken has been dealt with.</summary>
    public Task NextPass => _passes.Next;

    /// <summary>The file of an earlier hour was closed; <paramref name="current"/> is the one being written.</summary>
    public void Close(EventHour current)
    {
        Volatile.Write(ref _current, current.Value);
        _wake.Set();
    }

    /// <summary>Called when a write failed: where the disk is full, the oldest closed file goes at once.</summary>
    public void MakeRoom()
    {
        try
        {
            if (new DriveInfo(_files.Directory).AvailableFreeSpace < LittleRoom && Closed() is [var oldest, ..])
            {
                LogNoRoom(oldest);
                _files.Remove(oldest);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogFault(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _turn.DisposeAsync().ConfigureAwait(false);
        _wake.Set();
        await Task.Factory.StartNew(_thread.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        _wake.Dispose();
    }

    private bool IsClosed(EventHour hour) => hour.Value < Volatile.Read(ref _current);

    private List<EventHour> Closed() => [.. _files.Hours().Where(IsClosed)];

    private void Run()
    {
        LowPriority.Take();
        while (_wake.WaitOne() && !_isStopping)
        {
            try
            {
                Pass();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                LogFault(fault);
            }

            _passes.Raise();
        }
    }

    private void Pass()
    {
        if (!Directory.Exists(_files.Directory))
        {
            return;
        }

        try
        {
            _ = _files.OpenHours().Where(IsClosed).All(Compress);
        }
        finally
        {
            _files.RemoveUnfinished();
        }

        Trim();
    }

    // False when the log stops before the end; the file stays as it was.
    private bool Compress(EventHour hour)
    {
        var (archive, index) = (_files.Archive(hour), _files.Index(hour));
        if (!File.Exists(archive))
        {
            using (var lines = new FileStream(_files.Lines(hour), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            using (var target = File.Create($"{archive}.tmp"))
            using (var keys = File.Create($"{index}.tmp"))
            using (var writer = new EventIndexWriter(keys))
            {
                if (!Compress(lines, target, writer))
                {
                    return false;
                }

                writer.Finish();
                keys.Flush(flushToDisk: true);
                target.Flush(flushToDisk: true);
            }

            File.Move($"{index}.tmp", index, overwrite: true);
            File.Move($"{archive}.tmp", archive);
        }

        File.Delete(_files.Lines(hour));
        return true;
    }

    private bool Compress(FileStream lines, FileStream target, EventIndexWriter index)
    {
        var reader = new EventLineReader(lines);
        var block = new LineBuffer();
        while (!_isStopping)
        {
            var more = reader.TryRead(out var line);
            if (more)
            {
                block.Add(line.Span);
                block.Add((byte)'\n');
                AddKeys(index, line.Span);
            }

            if (block.Written.Length >= BlockSize || (!more && !block.Written.IsEmpty))
            {
                using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
                {
                    gzip.Write(block.Written);
                }

                index.EndBlock(target.Position, reader.Consumed);
                block.Clear();
            }

            if (!more)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddKeys(EventIndexWriter index, ReadOnlySpan<byte> line)
    {
        Span<byte> scratch = stackalloc byte[EventMatcher.MaxValue];
        try
        {
            var fields = new EventFieldReader(line);
            while (fields.Next())
            {
                if (EventKeys.Of(fields.Name, fields.Text(scratch)) is { } key)
                {
                    index.Add(key);
                }
            }
        }
        catch (JsonException)
        {
            // A line cut by a crash; nobody will look for it.
        }
    }

    private void Trim()
    {
        var options = _options();
        var limit = EventHour.Of(_clock.GetUtcNow() - options.Keep);
        var size = _files.Hours().Sum(_files.SizeOf);
        foreach (var hour in Closed())
        {
            if (hour >= limit && size <= options.MaxDisk.Octets)
            {
                return;
            }

            size -= _files.SizeOf(hour);
            LogRemoved(hour);
            _files.Remove(hour);
        }
    }

    [LoggerMessage(EventId = 7010, Level = LogLevel.Error, Message = "Event log: a closed file could not be compressed or removed; tried again within the hour")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(EventId = 7011, Level = LogLevel.Information, Message = "Event log: removed the events of {Hour}, older or more than is kept")]
    private partial void LogRemoved(EventHour hour);

    [LoggerMessage(EventId = 7012, Level = LogLevel.Critical, Message = "Event log: the disk is full; removed the events of {Hour} to go on")]
    private partial void LogNoRoom(EventHour hour);
}
