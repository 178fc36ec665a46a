using System.IO.Compression;
using Engine.Configuration;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventLogTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(Lines.Noon);
    private readonly CollectingLogger _logger = new();
    private EventsOptions _options = new();

    public void Dispose()
    {
        _directory.Dispose();
        _logger.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task Lines_stand_in_the_file_of_their_hour(CancellationToken stop)
    {
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(1));
            await log.FlushAsync(stop);
            Assert.That(await File.ReadAllLinesAsync(_directory.Of("events-2026112212.jsonl"), stop), Has.Length.EqualTo(1));

            _clock.Advance(Hour);
            log.Write(Lines.Delivered(2));
            await log.FlushAsync(stop);
        }

        Assert.That(await File.ReadAllLinesAsync(_directory.Of("events-2026112213.jsonl"), stop), Has.Length.EqualTo(1));
        Assert.That(Sequences(), Is.EqualTo([1L, 2L]));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_line_is_written_within_the_time_given(CancellationToken stop)
    {
        await using var log = Open();
        var written = log.NextLines;
        log.Write(Lines.Delivered(1));
        Assert.That(Sequences(), Is.Empty);

        _clock.Advance(TimeSpan.FromMilliseconds(50));
        await written.WaitAsync(stop);
        Assert.That(Sequences(), Is.EqualTo([1L]));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_full_block_does_not_wait(CancellationToken stop)
    {
        await using var log = Open();
        var written = log.NextLines;
        while (!written.IsCompleted)
        {
            stop.ThrowIfCancellationRequested();
            log.Write(Lines.Full());
        }

        Assert.That(Sequences(), Is.Not.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_closed_file_is_compressed_and_says_the_same(CancellationToken stop)
    {
        await using var log = Open();
        for (var id = 1UL; id <= 2_000; id++)
        {
            log.Write(Lines.Full() with { Id = new MessageId(id) });
        }

        await log.FlushAsync(stop);
        var before = await File.ReadAllBytesAsync(_directory.Of("events-2026112212.jsonl"), stop);
        await CloseHourAsync(log, stop);

        using var gzip = new GZipStream(File.OpenRead(_directory.Of("events-2026112212.jsonl.gz")), CompressionMode.Decompress);
        using var after = new MemoryStream();
        await gzip.CopyToAsync(after, stop);
        Assert.That(after.ToArray().AsSpan().SequenceEqual(before), Is.True);
        Assert.That(File.Exists(_directory.Of("events-2026112212.jsonl")), Is.False);
        Assert.That(File.Exists(_directory.Of("events-2026112212.idx")), Is.True);
        Assert.That(before, Has.Length.GreaterThan(3 * EventArchive.BlockSize), "several blocks");
    }

    [Test, CancelAfter(60_000)]
    public async Task Sequence_numbers_go_on_after_a_restart(CancellationToken stop)
    {
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(1));
            log.Write(Lines.Delivered(2));
        }

        await using (var log = Open())
        {
            log.Write(Lines.Delivered(3));
            await CloseHourAsync(log, stop);
        }

        File.Delete(_directory.Of("events-2026112213.jsonl"));
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(5));
        }

        Assert.That(Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]), "the last one found stood in a compressed file");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_line_torn_anywhere_costs_that_line_only(CancellationToken stop)
    {
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(1));
            log.Write(Lines.Full());
        }

        var path = _directory.Of("events-2026112212.jsonl");
        var whole = await File.ReadAllBytesAsync(path, stop);
        var first = whole.AsSpan().IndexOf((byte)'\n') + 1;
        for (var length = first; length < whole.Length; length += 23)
        {
            await File.WriteAllBytesAsync(path, whole[..length], stop);
            await using (var log = Open())
            {
                log.Write(Lines.Delivered(3));
            }

            Assert.That(Sequences(), Is.EqualTo([1L, 2L]), $"cut at {length}");
        }

        await File.WriteAllBytesAsync(path, [.. whole, 0, 0, 0, 0], stop);
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(3));
        }

        Assert.That(Sequences(), Is.EqualTo([1L, 2L, 3L]), "zeros at the end");
    }

    [Test, CancelAfter(60_000)]
    public async Task A_clock_that_steps_back_opens_no_older_file(CancellationToken stop)
    {
        await using (var log = Open())
        {
            await CloseHourAsync(log, stop);
            _clock.Advance(-3 * Hour);
            log.Write(Lines.Delivered(2));
        }

        await using (var log = Open())
        {
            log.Write(Lines.Delivered(3));
        }

        Assert.That(Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]));
        Assert.That(Directory.GetFiles(_directory.Path, "*.jsonl").Select(Path.GetFileName), Is.EqualTo(["events-2026112213.jsonl"]));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_compressed_hour_is_never_opened_again(CancellationToken stop)
    {
        await using (var log = Open())
        {
            await CloseHourAsync(log, stop);
        }

        File.Delete(_directory.Of("events-2026112213.jsonl"));
        _clock.Advance(-2 * Hour);
        await using (var log = Open())
        {
            log.Write(Lines.Delivered(9));
        }

        Assert.That(File.Exists(_directory.Of("events-2026112213.jsonl")), Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task Files_left_by_a_crash_are_finished_at_the_start(CancellationToken stop)
    {
        await File.WriteAllTextAsync(_directory.Of("events-2026112203.jsonl"), $"{Lines.Json(Lines.Delivered(7), Lines.Noon, sequence: 41)}\n{{\"torn", stop);
        await File.WriteAllTextAsync(_directory.Of("events-2026112203.jsonl.gz.tmp"), "half", stop);
        await using var log = Open();
        await PassesUntilAsync(log, () => !File.Exists(_directory.Of("events-2026112203.jsonl")), stop);
        log.Write(Lines.Delivered(8));
        await log.FlushAsync(stop);

        Assert.That(Directory.GetFiles(_directory.Path).Select(Path.GetFileName), Is.EquivalentTo(
            ["events-2026112203.idx", "events-2026112203.jsonl.gz", "events-2026112212.jsonl"]));
        Assert.That(Sequences(), Is.EqualTo([41L, 42L]));
    }

    [Test, CancelAfter(60_000)]
    public async Task Old_files_go([Values] bool byAge, CancellationToken stop)
    {
        foreach (var hour in new[] { "2026112008", "2026112209", "2026112210" })
        {
            await File.WriteAllTextAsync(_directory.Of($"events-{hour}.jsonl"), $"{Lines.Json(Lines.Full(), Lines.Noon)}\n", stop);
        }

        _options = byAge ? new EventsOptions { Keep = TimeSpan.FromHours(3) } : new EventsOptions { MaxDisk = new ByteSize(1) };
        string[] left = byAge ? ["events-2026112209.jsonl.gz", "events-2026112210.jsonl.gz"] : [];
        await using var log = Open();
        await PassesUntilAsync(log, () => Directory.GetFiles(_directory.Path, "*.jsonl*").Length == left.Length, stop);

        Assert.That(Directory.GetFiles(_directory.Path, "*.gz").Select(Path.GetFileName), Is.EquivalentTo(left));
    }

    [Test, CancelAfter(60_000)]
    public async Task The_file_being_written_never_goes(CancellationToken stop)
    {
        _options = new EventsOptions { MaxDisk = new ByteSize(1), Keep = TimeSpan.Zero };
        await using var log = Open();
        log.Write(Lines.Delivered(1));
        await log.FlushAsync(stop);
        var pass = log.Archive.NextPass;
        _clock.Advance(Hour);
        await pass.WaitAsync(stop);

        Assert.That(Sequences(), Is.EqualTo([1L]));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_disk_that_fails_holds_writers_up_and_nothing_is_lost(CancellationToken stop)
    {
        const int MaxPending = 10_000;
        var path = _directory.Of("events");
        await using var log = Open(path, MaxPending, TimeProvider.System);
        await File.WriteAllTextAsync(path, "in the way of the directory", stop);
        log.Write(Lines.Delivered(0));
        await _logger.Logged(7001).WaitAsync(stop);

        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var most = 0L;
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var written = 1UL; written <= 500; written++)
                {
                    log.Write(Lines.Delivered(written));
                    most = Math.Max(most, log.PendingBytes);
                    if (log.PendingBytes >= MaxPending)
                    {
                        full.TrySetResult();
                    }
                }
            },
            stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await full.Task.WaitAsync(stop);
        Assert.That(writing.IsCompleted, Is.False);

        File.Delete(path);
        await writing;
        await log.FlushAsync(stop);
        Assert.That(most, Is.LessThan(MaxPending + 1_000));
        Assert.That(new EventReader(path).Read(EventFilter.All, default, stop).Select(Lines.Sequence), Is.EqualTo(Enumerable.Range(1, 501)));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_log_that_stops_on_a_broken_disk_says_what_is_lost(CancellationToken stop)
    {
        var path = _directory.Of("events");
        await File.WriteAllTextAsync(path, "in the way of the directory", stop);
        await using (var log = Open(path))
        {
            log.Write(Lines.Delivered(1));
        }

        Assert.That(_logger.Has(7002), Is.True);
    }

    [Test, CancelAfter(60_000)]
    public async Task Many_writers_make_whole_lines_in_one_order(CancellationToken stop)
    {
        await using (var log = Open())
        {
            await Task.WhenAll(Enumerable.Range(1, 4).Select(writer => Task.Run(
                () =>
                {
                    for (var count = 0UL; count < 2_000; count++)
                    {
                        log.Write(Lines.Delivered((ulong)writer << 32 | count));
                    }
                },
                stop)));
        }

        Assert.That(Sequences(), Is.EqualTo(Enumerable.Range(1, 8_000)));
    }

    [Test, CancelAfter(60_000)]
    public async Task After_the_end_an_event_is_refused_and_logged(CancellationToken stop)
    {
        var log = Open();
        await log.DisposeAsync();
        log.Write(Lines.Delivered(1));

        await _logger.Logged(7000).WaitAsync(stop);
        Assert.That(Sequences(), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_event_costs_no_memory_once_the_blocks_are_there(CancellationToken stop)
    {
        await using var log = Open();
        var line = Lines.Full();
        for (var round = 0; round < 3; round++)
        {
            Write();
            await log.FlushAsync(stop);
        }

        // A writer that lags on a busy machine needs one more block, once; no event costs any.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Write();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await log.FlushAsync(stop);
        }

        Assert.That(least, Is.LessThan(100), "for 500 events");

        void Write()
        {
            for (var count = 0; count < 500; count++)
            {
                log.Write(line);
            }
        }
    }

    // Looks, waits for the archive to look after the files, looks again.
    private static async Task PassesUntilAsync(EventLog log, Func<bool> isDone, CancellationToken stop)
    {
        while (true)
        {
            var pass = log.Archive.NextPass;
            if (isDone())
            {
                return;
            }

            await pass.WaitAsync(stop);
        }
    }

    private EventLog Open(string? path = null, int maxPending = 64 << 20, TimeProvider? clock = null) => new(
        new EventLogSettings
        {
            Directory = path ?? _directory.Path,
            Node = 1,
            Options = () => _options,
            MaxPending = maxPending,
            RetryAfter = TimeSpan.FromMilliseconds(1),
        },
        clock ?? _clock,
        _logger);

    // Writes an event, then one in the next hour, and awaits the compression of the first.
    private async Task CloseHourAsync(EventLog log, CancellationToken stop)
    {
        if (Sequences().Count == 0)
        {
            log.Write(Lines.Delivered(1));
        }

        await log.FlushAsync(stop);
        var closed = EventHour.Of(_clock.GetUtcNow());
        _clock.Advance(Hour);
        log.Write(Lines.Delivered(99));
        await log.FlushAsync(stop);
        await PassesUntilAsync(log, () => !File.Exists(_directory.Of($"events-{closed}.jsonl")), stop);
    }

    private List<long> Sequences() => [.. new EventReader(_directory.Path).Read(EventFilter.All).Select(Lines.Sequence)];
}
