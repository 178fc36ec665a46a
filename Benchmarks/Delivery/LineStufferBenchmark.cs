using BenchmarkDotNet.Attributes;
using Engine.Delivery.Smtp;

namespace Benchmarks.Delivery;

/// <summary>Copying 64 KiB of lines of 76 into a send buffer: checked and stuffed, and for comparison only copied.</summary>
[MemoryDiagnoser]
public class LineStufferBenchmark
{
    private readonly byte[] _source = new byte[65_520];
    private readonly byte[] _target = new byte[70_000];

    /// <summary>Every how many lines one starts with a dot; 0 for none.</summary>
    [Params(0, 10)]
    public int DotEvery { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _source.AsSpan().Fill((byte)'x');
        for (var (at, line) = (0, 1); at + 78 <= _source.Length; at += 78, line++)
        {
            "\r\n"u8.CopyTo(_source.AsSpan(at + 76));
            _source[at] = DotEvery > 0 && line % DotEvery == 0 ? (byte)'.' : (byte)'x';
        }
    }

    [Benchmark]
    public int Stuffed()
    {
        var stuffer = new LineStuffer(doublesDots: true);
        return stuffer.TryCopy(_source, _target, out _, out var written) ? written : -1;
    }

    [Benchmark]
    public int OnlyChecked()
    {
        var stuffer = new LineStuffer(doublesDots: false);
        return stuffer.TryCopy(_source, _target, out _, out var written) ? written : -1;
    }

    [Benchmark(Baseline = true)]
    public int OnlyCopied()
    {
        _source.CopyTo(_target, 0);
        return _source.Length;
    }
}
