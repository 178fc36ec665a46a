using BenchmarkDotNet.Attributes;
using Engine.Mail;
using Engine.Queue.Waiting;

namespace Benchmarks.Queue;

/// <summary>The index by itself, at a depth of waiting messages: a message in, out and ended; and firing what is due.</summary>
[MemoryDiagnoser]
public class IndexBenchmarks
{
    private const int Batch = 10_000;
    private const uint Start = 1_795_348_800;

    private readonly List<int> _ready = new(Batch);
    private QueueIndex _index = null!;
    private SegmentLedger _ledger = null!;
    private Envelope[] _envelopes = [];
    private ulong _next = 1;
    private uint _now = Start;

    [Params(0, 1_000_000)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _ledger = new SegmentLedger();
        _index = new QueueIndex(_ledger, 27, Start);
        _envelopes = [.. Enumerable.Range(0, 1_000).Select(static number => new Envelope
        {
            Id = default,
            Sender = Mailbox.Parse("bounce@sender.example"),
            Recipients = [new Recipient(Mailbox.Parse($"someone@receiver{number}.example"))],
            Account = "acme",
            Accepted = DateTimeOffset.UnixEpoch.AddSeconds(Start),
        })];
        for (var message = 0; message < Depth; message++)
        {
            var slot = Insert();
            _index.Begin(slot);
            _index.Return(slot, Start + 3_600 + (uint)(message % 36_000));
            _index.Start(slot, _now);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void InsertBeginEnd()
    {
        for (var message = 0; message < Batch; message++)
        {
            var slot = Insert();
            _index.Begin(slot);
            _index.End(slot, comesBack: true);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void DeferAndFire()
    {
        _ready.Clear();
        for (var message = 0; message < Batch; message++)
        {
            var slot = Insert();
            _index.Begin(slot);
            _index.Return(slot, _now + 1 + (uint)(message & 511));
            _index.Start(slot, _now);
        }

        // In time the depth falls due as well: it is ended with the others, and its firing is part of the figure.
        _now += 512;
        _index.Advance(_now, _ready);
        foreach (var slot in _ready)
        {
            _index.Begin(slot);
            _index.End(slot, comesBack: true);
        }
    }

    private int Insert()
    {
        var id = new MessageId(_next++);
        _ledger.Pin(0);
        var slot = _index.Insert(new MessagePlace(64, 12_000, 0, 11_000), _envelopes[id.Value % 1_000] with { Id = id });
        _index.Start(slot, _now);
        return slot;
    }
}
