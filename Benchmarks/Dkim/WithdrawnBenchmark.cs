using BenchmarkDotNet.Attributes;
using Engine.Dkim.Rotation;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Frames;

namespace Benchmarks.Dkim;

/// <summary>What it costs each attempt to ask whether the key of a head was withdrawn.</summary>
[MemoryDiagnoser]
public class WithdrawnBenchmark
{
    private RotationBook _book = RotationBook.Blank;
    private SignaturePredicate _isWithdrawn = RotationBook.Blank.IsWithdrawn;
    private byte[] _table = [];

    /// <summary>Keys that were revoked or retired; 0 is a house in which nothing ever was.</summary>
    [Params(0, 1_000)]
    public int Withdrawn { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        using var writer = new OctetWriter();
        HeadTable.Write([new MessageHead("From: a@b\r\n\r\n"u8.ToArray(), [new DkimIdentity("customer.example", "r20261122"), new DkimIdentity("esp.example", "p1")], new byte[32])], writer);
        _table = writer.Written.ToArray();
        _book = Enumerable.Range(0, Withdrawn).Aggregate(RotationBook.Blank, static (book, number) =>
            book.With(DomainRotation.Empty(DomainName.Parse($"d{number}.example")).Revoke("s1", "rsa", "benchmark", DateTimeOffset.UnixEpoch)));
        _isWithdrawn = _book.IsWithdrawn;
    }

    /// <summary>As the worker asks: the table is looked at only when something is withdrawn.</summary>
    [Benchmark]
    public bool Ask() => Volatile.Read(ref _book).HasWithdrawn && new HeadTable(_table).IsSigned(0, _isWithdrawn);
}
