using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dns;
using Engine.Queue.Frames;
using Engine.Submission;
using Engine.Tests.Observability;

namespace Engine.Tests.Journeys;

/// <summary>50 MiB from a client through the whole engine to receivers.</summary>
[NonParallelizable]
[CancelAfter(400_000)]
internal sealed class LargeMessageJourneys
{
    private const long Size = 49L << 20;

    [Test]
    public async Task Fifty_mebibytes_arrive_octet_for_octet_with_signatures_that_hold(CancellationToken stop)
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, adjust: Small);
        await using var sink = Sink(world, keeps: true);
        using var client = new LargeClient(world.Engine.SubmissionEndPoints[0], world.Login);

        await client.OpenAsync(["reader@large0.test"], stop);
        await client.SendAsync(Size, seed: 1, stop);
        var digest = await client.EndAsync(stop);
        var taken = await sink.TakeAsync(stop);

        Assert.That(taken.Digest, Is.EqualTo(digest));
        Assert.That(taken.Length, Is.GreaterThanOrEqualTo(Size));
        var verifier = new DkimVerifier(TimeProvider.System, identity => new DkimKeyAnswer(world.Names.Texts($"{identity.Selector}._domainkey.{identity.Domain}")));
        Assert.That(verifier.Verify(taken.Whole).Select(static result => result.Verdict), Is.EqualTo([DkimVerdict.Pass, DkimVerdict.Pass]));
        await world.QueueAsync(static counts => counts.Queued == 0);
    }

    [Test]
    public async Task Several_at_once_to_several_receivers_each_stay_within_little_memory(CancellationToken stop)
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, adjust: Small);
        await using var sink = Sink(world, keeps: false);
        await RoundAsync(world, sink, messages: 1, stop);

        var idle = GC.GetTotalMemory(forceFullCollection: true);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var most = WatchAsync(watching.Token);
        await RoundAsync(world, sink, messages: 4, stop);
        await watching.CancelAsync();

        var held = await most - idle;
        await TestContext.Out.WriteLineAsync($"4 messages of 49 MiB to 3 receivers each held {held >> 10} KiB");
        Assert.That(held, Is.LessThan(32L << 20));
    }

    [Test]
    public async Task A_client_that_is_gone_in_the_middle_has_sent_nothing(CancellationToken stop)
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, adjust: Small);
        await using var sink = Sink(world, keeps: false);
        using (var gone = new LargeClient(world.Engine.SubmissionEndPoints[0], world.Login))
        {
            await gone.OpenAsync(["reader@large0.test"], stop);
            await gone.SendAsync(Size / 4, seed: 2, stop);
        }

        using var client = new LargeClient(world.Engine.SubmissionEndPoints[0], world.Login);
        await client.OpenAsync(["other@large0.test"], stop);
        await client.SendAsync(2 << 20, seed: 3, stop);
        var digest = await client.EndAsync(stop);
        var taken = await sink.TakeAsync(stop);

        Assert.That(taken.Recipients, Is.EqualTo(["<other@large0.test>"]));
        Assert.That(taken.Digest, Is.EqualTo(digest));
        await world.QueueAsync(static counts => counts.Queued == 0);
        await world.StopEngineAsync();
        await world.StartEngineAsync();
        Assert.That(world.Engine.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task A_message_damaged_on_disk_is_not_sent_to_its_end_until_it_is_whole_again(CancellationToken stop)
    {
        using var logs = new CollectingLogger();
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, adjust: Small, loggers: logs);
        await using var sink = Sink(world, keeps: false);
        sink.Defers = true;
        using var client = new LargeClient(world.Engine.SubmissionEndPoints[0], world.Login);
        await client.OpenAsync(["reader@large0.test"], stop);
        await client.SendAsync(6 << 20, seed: 4, stop);
        var digest = await client.EndAsync(stop);
        await sink.Deferred.WaitAsync(stop);

        FlipPart(world, number: 3);
        sink.Defers = false;
        var cut = await sink.CutAsync(stop);
        await logs.Logged(4_007);

        Assert.That(cut, Is.InRange(1, 3 * ContentReader.PieceLength), "the parts before the damaged one, or less");
        Assert.That(world.Engine.Counts.Queued, Is.EqualTo(1));
        FlipPart(world, number: 3);
        Assert.That((await sink.TakeAsync(stop)).Digest, Is.EqualTo(digest), "nothing was delivered in between");
        await world.QueueAsync(static counts => counts.Queued == 0);
    }

    // Turns one bit in the middle of a part.
    private static void FlipPart(JourneyWorld world, int number)
    {
        var path = Directory.GetFiles(world.Snapshot.PathTo(world.Snapshot.Options.State), "log.0", SearchOption.AllDirectories).Single(static path => path.Contains("generation-0", StringComparison.Ordinal));
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        var at = 0;
        for (var found = -1; found < number; at += 4)
        {
            at += octets.AsSpan(at).IndexOf("EQF1"u8);
            found += octets[at + 5] == (byte)FrameKind.Part ? 1 : 0;
        }

        file.Position = at + 500_000;
        file.WriteByte((byte)(octets[at + 500_000] ^ 1));
    }

    private static async Task RoundAsync(JourneyWorld world, LargeSink sink, int messages, CancellationToken stop)
    {
        var digests = await Task.WhenAll(Enumerable.Range(0, messages).Select(SubmitAsync));
        var taken = new List<string>();
        for (var one = 0; one < messages * 3; one++)
        {
            taken.Add((await sink.TakeAsync(stop)).Digest);
        }

        Assert.That(taken, Is.EquivalentTo(digests.SelectMany(static digest => Enumerable.Repeat(digest, 3))));
        await world.QueueAsync(static counts => counts.Queued == 0);

        async Task<string> SubmitAsync(int message)
        {
            using var client = new LargeClient(world.Engine.SubmissionEndPoints[0], world.Login);
            await client.OpenAsync([$"r{message}@large0.test", $"r{message}@large1.test", $"r{message}@large2.test"], stop);
            await client.SendAsync(Size, seed: message, stop);
            return await client.EndAsync(stop);
        }
    }

    // What is alive, looked at often enough to see the middle of every message.
    private static async Task<long> WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var most = 0L;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return most;
    }

    private static EngineOptions Small(EngineOptions options) => options with { Queue = options.Queue with { Memory = ByteSize.MiB(16) } };

    private static LargeSink Sink(JourneyWorld world, bool keeps)
    {
        for (var domain = 0; domain < 3; domain++)
        {
            world.Names
                .Add($"large{domain}.test", new DnsRecord.Mx(10, $"mx.large{domain}.test"))
                .Add($"mx.large{domain}.test", new DnsRecord.Address(IPAddress.Parse("127.0.0.77")));
        }

        return new LargeSink(new IPEndPoint(IPAddress.Parse("127.0.0.77"), world.Snapshot.Options.Delivery.Port), keeps);
    }
}
