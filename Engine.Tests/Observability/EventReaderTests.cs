using System.IO.Compression;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventReaderTests : IDisposable
{
    // Three hours: two compressed with their indexes, one being written. In each, 1 500 messages of two events.
    private const int PerHour = 1_500;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(Lines.Noon);
    private readonly CollectingLogger _logger = new();

    public void Dispose()
    {
        _directory.Dispose();
        _logger.Dispose();
    }

    [TestCase(1)]
    [TestCase(PerHour)]
    [TestCase((2 * PerHour) + 7)]
    [CancelAfter(60_000)]
    public async Task A_message_is_found_by_each_of_its_names(int number, CancellationToken stop)
    {
        await FillAsync(stop);
        var reader = new EventReader(_directory.Path);
        var id = new MessageId((ulong)number);
        EventFilter[] filters =
        [
            new() { Id = id },
            new() { HeaderMessageId = $"<m{number}@sender.example>" },
        ];

        foreach (var filter in filters)
        {
            var found = reader.Trace(filter, stop).ToList();
            Assert.That(found.Select(record => record.Field<string>("event")), Is.EqualTo(["accepted", "delivered"]), filter.ToString());
            Assert.That(found.Select(record => record.Field<string>("id")).Distinct(), Is.EqualTo([id.ToString()]));
        }

        var to = reader.Trace(new EventFilter { To = $"USER{number}@example.net" }, stop);
        Assert.That(to.Select(record => record.Field<string>("id")), Is.EqualTo([id.ToString()]));
        Assert.That(reader.Trace(new EventFilter { Id = id, To = $"user{number + 1}@example.net" }, stop), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task An_index_only_makes_it_faster([Values] bool damaged, CancellationToken stop)
    {
        await FillAsync(stop);
        foreach (var index in Directory.GetFiles(_directory.Path, "*.idx"))
        {
            if (damaged)
            {
                await File.WriteAllBytesAsync(index, new byte[100], stop);
            }
            else
            {
                File.Delete(index);
            }
        }

        var reader = new EventReader(_directory.Path);
        Assert.That(reader.Read(new EventFilter { To = "user9@example.net" }, default, stop).Count(), Is.EqualTo(1));
        Assert.That(reader.Read(EventFilter.All, default, stop).Count(), Is.EqualTo(6 * PerHour));
    }

    [Test, CancelAfter(60_000)]
    public async Task With_an_index_only_blocks_that_match_are_read(CancellationToken stop)
    {
        await FillAsync(stop);
        var path = _directory.Of("events-2026112212.jsonl.gz");
        var octets = await File.ReadAllBytesAsync(path, stop);
        using (var index = EventIndex.Open(_directory.Of("events-2026112212.idx"))!)
        {
            Assert.That(index.BlockCount, Is.GreaterThan(2));
            var (start, length, _, _) = index.Block(1);
            octets.AsSpan((int)start, length).Fill(0xff);
        }

        await File.WriteAllBytesAsync(path, octets, stop);
        var reader = new EventReader(_directory.Path);

        Assert.That(reader.Read(new EventFilter { To = "user1@example.net" }, default, stop).Count(), Is.EqualTo(1));
        Assert.That(() => reader.Read(EventFilter.All, default, stop).Count(), Throws.TypeOf<InvalidDataException>());
    }

    [Test, CancelAfter(60_000)]
    public async Task Reading_goes_on_behind_any_line(CancellationToken stop)
    {
        await FillAsync(stop);
        var reader = new EventReader(_directory.Path);
        var all = reader.Read(EventFilter.All, default, stop).ToList();
        Assert.That(all.Select(Lines.Sequence), Is.EqualTo(Enumerable.Range(1, 6 * PerHour)));

        for (var at = 0; at < all.Count; at += 997)
        {
            var next = reader.Read(EventFilter.All, all[at].Next, stop).FirstOrDefault();
            Assert.That(next?.Sequence(), at + 1 < all.Count ? Is.EqualTo(at + 2) : Is.Null, $"behind {all[at].Next}");
        }

        Assert.That(reader.Read(EventFilter.All, all[^1].Next, stop), Is.Empty);
        Assert.That(reader.End(), Is.EqualTo(all[^1].Next));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_cursor_stays_good_when_its_file_is_compressed(CancellationToken stop)
    {
        await using var log = Open();
        for (var id = 1UL; id <= 10; id++)
        {
            log.Write(Lines.Delivered(id));
        }

        await log.FlushAsync(stop);
        var reader = new EventReader(_directory.Path);
        var fourth = reader.Read(EventFilter.All, default, stop).ElementAt(3).Next;
        await NextHourAsync(log, stop);

        Assert.That(reader.Read(EventFilter.All, fourth, stop).Select(Lines.Sequence), Is.EqualTo([5L, 6L, 7L, 8L, 9L, 10L, 11L]));
    }

    [Test, CancelAfter(60_000)]
    public async Task Times_and_kinds_are_filtered(CancellationToken stop)
    {
        await using (var log = Open())
        {
            for (var minute = 0; minute < 10; minute++)
            {
                log.Write(Lines.Delivered((ulong)minute, time: Lines.Noon.AddMinutes(minute)) with { Kind = minute % 2 == 0 ? EventKind.Deferred : EventKind.Bounced });
            }
        }

        var reader = new EventReader(_directory.Path);
        var filter = new EventFilter { Since = Lines.Noon.AddMinutes(3), Until = Lines.Noon.AddMinutes(7) };
        Assert.That(reader.Read(filter, default, stop).Select(Lines.Sequence), Is.EqualTo([4L, 5L, 6L, 7L]));
        Assert.That(reader.Read(filter with { Kinds = [EventKind.Deferred] }, default, stop).Select(Lines.Sequence), Is.EqualTo([5L, 7L]));
        Assert.That(reader.Read(new EventFilter { Since = Lines.Noon.AddHours(2) }, default, stop), Is.Empty);
        Assert.That(reader.Read(new EventFilter { Until = Lines.Noon.AddHours(-2) }, default, stop), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Who_follows_sees_what_is_written_later_once(CancellationToken stop)
    {
        await using var log = Open();
        log.Write(Lines.Delivered(1));
        await log.FlushAsync(stop);
        var reader = new EventReader(_directory.Path);
        await using var tail = reader.FollowAsync(EventFilter.All, default, log, stop).GetAsyncEnumerator(stop);
        await tail.MoveNextAsync();
        Assert.That(tail.Current.Sequence(), Is.EqualTo(1));

        for (var sequence = 2; sequence <= 5; sequence++)
        {
            var next = tail.MoveNextAsync();
            _clock.Advance(TimeSpan.FromMinutes(30));
            log.Write(Lines.Delivered((ulong)sequence));
            await log.FlushAsync(stop);
            await next;
            Assert.That(tail.Current.Sequence(), Is.EqualTo(sequence));
        }
    }

    [Test]
    public void A_line_without_its_end_is_not_read_yet_and_a_damaged_one_never()
    {
        var (first, second) = (Lines.Json(Lines.Delivered(1), Lines.Noon), Lines.Json(Lines.Delivered(2), Lines.Noon, sequence: 2));
        var path = _directory.Of("events-2026112212.jsonl");
        File.WriteAllText(path, $"\n{{}}\n[]\nnull\n{first[..40]}\n{first}\n{second}");
        var scan = new EventReader(_directory.Path).Scan(EventFilter.All);

        Assert.That(scan.Read(default).Select(Lines.Sequence), Is.EqualTo([1L]));
        File.AppendAllText(path, "\n");
        Assert.That(scan.Read(default).Select(Lines.Sequence), Is.EqualTo([2L]));
    }

    [Test]
    public void A_log_that_does_not_exist_is_empty()
    {
        var reader = new EventReader(_directory.Of("none"));

        Assert.That(reader.Read(EventFilter.All), Is.Empty);
        Assert.That(reader.End(), Is.Default);
    }

    [TestCase("\"a\\\"b\"@x.example")]
    [TestCase("grüße@x.example")]
    public void Addresses_that_are_escaped_are_found(string address)
    {
        File.WriteAllText(_directory.Of("events-2026112212.jsonl"), $"{Lines.Json(Lines.Delivered(1, address, address), Lines.Noon)}\n");
        var reader = new EventReader(_directory.Path);

        Assert.That(reader.Read(new EventFilter { To = address }).Count(), Is.EqualTo(1));
        Assert.That(reader.Read(new EventFilter { HeaderMessageId = address }).Count(), Is.EqualTo(1));
        Assert.That(reader.Read(new EventFilter { To = $"x{address}" }).Count(), Is.Zero);
    }

    [Test]
    public void A_compressed_file_of_one_member_is_read_too()
    {
        using (var gzip = new GZipStream(File.Create(_directory.Of("events-2026112212.jsonl.gz")), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes($"{Lines.Json(Lines.Delivered(1), Lines.Noon)}\n"));
        }

        Assert.That(new EventReader(_directory.Path).Read(EventFilter.All).Count(), Is.EqualTo(1));
    }

    private EventLog Open() => new(
        new EventLogSettings { Directory = _directory.Path, Node = 1, Options = () => new EventsOptions() }, _clock, _logger);

    private async Task FillAsync(CancellationToken stop)
    {
        await using var log = Open();
        for (var number = 1; number <= 3 * PerHour; number++)
        {
            var line = Lines.Full() with
            {
                Id = new MessageId((ulong)number),
                Kind = EventKind.Accepted,
                HeaderMessageId = $"m{number}@sender.example",
                To = Encoding.UTF8.GetBytes($"user{number}@example.net"),
            };
            log.Write(line);
            log.Write(line with { Kind = EventKind.Delivered, To = default, HeaderMessageId = null });
            if (number % PerHour == 0 && number < 3 * PerHour)
            {
                await log.FlushAsync(stop);
                _clock.Advance(TimeSpan.FromHours(1));
            }
        }

        await log.FlushAsync(stop);
        await PassesAsync(log, 2, stop);
    }

    private async Task NextHourAsync(EventLog log, CancellationToken stop)
    {
        _clock.Advance(TimeSpan.FromHours(1));
        log.Write(Lines.Delivered(99));
        await log.FlushAsync(stop);
        await PassesAsync(log, 1, stop);
    }

    private async Task PassesAsync(EventLog log, int archives, CancellationToken stop)
    {
        while (true)
        {
            var pass = log.Archive.NextPass;
            if (Directory.GetFiles(_directory.Path, "*.gz").Length == archives && Directory.GetFiles(_directory.Path, "*.jsonl").Length == 1)
            {
                return;
            }

            await pass.WaitAsync(stop);
        }
    }
}
