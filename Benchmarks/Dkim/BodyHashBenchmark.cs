using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Engine.Dkim;

namespace Benchmarks.Dkim;

/// <summary>The relaxed body hash beside plain SHA-256 over the same octets, the floor.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup disposes.")]
public class BodyHashBenchmark
{
    private readonly BodyHash _hash = new();
    private readonly byte[] _result = new byte[BodyHash.Length];
    private byte[] _body = [];

    [Params(2, 10, 75)]
    public int KiB { get; set; }

    /// <summary>Text: lines of 76 octets, single blanks. Html: indented lines, so that every line changes. Base64: no blank at all.</summary>
    [Params("text", "html", "base64")]
    public string Texture { get; set; } = "text";

    [GlobalSetup]
    public void Prepare()
    {
        var line = Texture switch
        {
            "text" => "The quick brown fox jumps over the lazy dog, and the dog does not mind a bit\r\n",
            "html" => "        <td class=\"cell\">\r\n            one  cell \r\n        </td>\r\n",
            _ => new string('Q', 76) + "\r\n",
        };
        var text = new StringBuilder();
        while (text.Length < KiB * 1_024)
        {
            text.Append(line);
        }

        _body = Encoding.ASCII.GetBytes(text.ToString(0, KiB * 1_024));
    }

    [Benchmark(Baseline = true)]
    public int Plain() => SHA256.HashData(_body, _result);

    [Benchmark]
    public byte[] Relaxed()
    {
        _hash.Append(_body);
        _hash.Finish(_result);
        return _result;
    }

    /// <summary>As it comes from a socket.</summary>
    [Benchmark]
    public byte[] RelaxedInPieces()
    {
        for (var at = 0; at < _body.Length; at += 4_096)
        {
            _hash.Append(_body.AsSpan(at, Math.Min(4_096, _body.Length - at)));
        }

        _hash.Finish(_result);
        return _result;
    }

    [GlobalCleanup]
    public void Clean() => _hash.Dispose();
}
