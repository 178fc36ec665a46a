using System.Buffers;
using System.Diagnostics.Metrics;
using Engine.Dkim;

namespace Engine.Tests.Dkim;

internal sealed class SigningWorkTests
{
    private static readonly byte[] Head = Samples.Octets("From: a@acme.example¶To: b@b.example¶");

    [Test]
    [CancelAfter(120_000)]
    public async Task Many_heads_are_signed_each_into_its_own_buffer(CancellationToken stop)
    {
        using var work = new SigningWork(2);
        var key = Samples.Rsa();
        var hash = BodyOf("x\r\n"u8.ToArray());
        var outputs = Enumerable.Range(0, 100).Select(_ => new ArrayBufferWriter<byte>()).ToList();
        var results = await Task.WhenAll(outputs.Select(output => Task.Run(async () => await work.SignAsync(Head, hash, [key], Samples.Time, output, stop), stop)));
        var verifier = Samples.Verifier(key);

        Assert.That(results, Is.All.True);
        foreach (var output in outputs)
        {
            byte[] message = [.. output.WrittenSpan, .. Head, .. "\r\nx\r\n"u8];
            Assert.That(verifier.Verify(message).Single().Verdict, Is.EqualTo(DkimVerdict.Pass));
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Only_so_many_are_signed_at_once(CancellationToken stop)
    {
        using var work = new SigningWork(1);
        using var gate = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        var slow = new SlowKey(entered, gate);
        var first = work.SignAsync(Head, new byte[32], [slow], Samples.Time, new ArrayBufferWriter<byte>(), stop).AsTask();
        await entered.WaitAsync(stop);
        var second = work.SignAsync(Head, new byte[32], [slow], Samples.Time, new ArrayBufferWriter<byte>(), stop).AsTask();

        Assert.That(second.IsCompleted, Is.False);
        Assert.That(slow.Entered, Is.EqualTo(1));

        gate.Set();
        Assert.That(await Task.WhenAll(first, second), Is.All.True);
        Assert.That(slow.Entered, Is.EqualTo(2));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Who_stops_waiting_is_let_go_when_his_turn_comes(CancellationToken stop)
    {
        using var work = new SigningWork(1);
        using var gate = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var slow = new SlowKey(entered, gate);
        var first = work.SignAsync(Head, new byte[32], [slow], Samples.Time, new ArrayBufferWriter<byte>(), stop).AsTask();
        await entered.WaitAsync(stop);
        var output = new ArrayBufferWriter<byte>();
        var second = work.SignAsync(Head, new byte[32], [slow], Samples.Time, output, impatient.Token).AsTask();
        await impatient.CancelAsync();
        gate.Set();

        Assert.That(await first, Is.True);
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(output.WrittenCount, Is.Zero);
        Assert.That(slow.Entered, Is.EqualTo(1));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task A_fault_goes_to_its_caller_and_the_next_head_is_signed(CancellationToken stop)
    {
        using var work = new SigningWork(1);

        Assert.That(
            async () => await work.SignAsync(Head, new byte[31], [Samples.Ed25519()], Samples.Time, new ArrayBufferWriter<byte>(), stop),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(await work.SignAsync(Head, new byte[32], [Samples.Ed25519()], Samples.Time, new ArrayBufferWriter<byte>(), stop), Is.True);
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task What_waits_at_the_end_is_still_signed(CancellationToken stop)
    {
        var work = new SigningWork(1);
        var waiting = Enumerable.Range(0, 20).Select(_ => work.SignAsync(Head, new byte[32], [Samples.Ed25519()], Samples.Time, new ArrayBufferWriter<byte>(), stop).AsTask()).ToList();
        work.Dispose();

        Assert.That(await Task.WhenAll(waiting), Is.All.True);
    }

    [Test]
    public async Task A_head_without_From_is_told()
    {
        using var work = new SigningWork(1);
        for (var round = 0; round < 2; round++)
        {
            var output = new ArrayBufferWriter<byte>();
            Assert.That(await work.SignAsync("To: x\r\n"u8.ToArray(), new byte[32], [Samples.Ed25519()], Samples.Time, output, default), Is.False);
            Assert.That(output.WrittenCount, Is.Zero);
        }
    }

    [Test]
    public async Task The_time_it_takes_is_measured()
    {
        var seen = 0;
        using var work = new SigningWork(1);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == work.Meter && instrument.Name == "engine_dkim_sign_seconds")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seen += value is > 0 and < 30 ? 1 : 100);
        listener.Start();
        await work.SignAsync(Head, new byte[32], [Samples.Ed25519()], Samples.Time, new ArrayBufferWriter<byte>(), default);

        Assert.That(seen, Is.EqualTo(1));
    }

    private static byte[] BodyOf(byte[] body)
    {
        using var hash = new BodyHash();
        var octets = new byte[BodyHash.Length];
        hash.Append(body);
        hash.Finish(octets);
        return octets;
    }

    private sealed class SlowKey(SemaphoreSlim entered, ManualResetEventSlim gate) : SigningKey(Samples.Domain, "slow")
    {
        private int _entered;

        public int Entered => Volatile.Read(ref _entered);

        public override string KeyType => "rsa";

        public override int SignatureLength => 64;

        public override ReadOnlySpan<byte> AlgorithmTag => "a=rsa-sha256;"u8;

        public override int SignHash(ReadOnlySpan<byte> hash, Span<byte> signature)
        {
            Interlocked.Increment(ref _entered);
            entered.Release();
            gate.Wait();
            return 64;
        }

        public override byte[] ExportPublicKey() => [];

        public override SigningKey Under(Engine.Mail.DomainName domain, string selector, SignatureTerms? terms = null) => this;
    }
}
