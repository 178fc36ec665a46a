using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using BenchmarkDotNet.Attributes;
using Engine.Dkim;
using Engine.Mail;

namespace Benchmarks.Dkim;

/// <summary>One signature for a head of ordinary size; the body is hashed before.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup disposes.")]
public class SignBenchmark
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly byte[] _head = Encoding.ASCII.GetBytes(
        "Received: from client.acme.example (client.acme.example [192.0.2.7])\r\n\tby mta1.example.com with ESMTPSA id 0123456789abc\r\n\tfor <b@b.example>; Sun, 22 Nov 2026 02:00:00 +0000\r\n"
        + "From: Acme News <news@acme.example>\r\nTo: Somebody <b@b.example>\r\nSubject: =?utf-8?q?Twelve_things_to_know?=\r\n =?utf-8?q?_about_autumn?=\r\n"
        + "Date: Sun, 22 Nov 2026 02:00:00 +0000\r\nMessage-ID: <0123456789abc@mta1.example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n"
        + "List-Unsubscribe: <https://u.example.com/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nList-Id: <news.acme.example>\r\n");

    private readonly byte[] _bodyHash = new byte[BodyHash.Length];
    private readonly ArrayBufferWriter<byte> _output = new(8_192);
    private readonly SigningWork _work = new(Environment.ProcessorCount);
    private SigningKey[] _rsa = [];
    private SigningKey[] _ed25519 = [];

    [GlobalSetup]
    public void Prepare()
    {
        _rsa = [Key(PrivateKey.NewRsa(2_048))];
        _ed25519 = [Key(PrivateKey.NewEd25519())];
    }

    [Benchmark(Baseline = true)]
    public bool Rsa2048() => Sign(_rsa);

    [Benchmark]
    public bool Ed25519() => Sign(_ed25519);

    /// <summary>Everything but the signature itself.</summary>
    [Benchmark]
    public bool HeadWithoutKey() => Sign([]) && SignedHead.CountFields(_head) > 0;

    /// <summary>By way of the bounded work, without contention.</summary>
    [Benchmark]
    public async Task<bool> Rsa2048Bounded()
    {
        _output.ResetWrittenCount();
        return await _work.SignAsync(_head, _bodyHash, _rsa, Time, _output, default);
    }

    [GlobalCleanup]
    public void Clean() => _work.Dispose();

    private static SigningKey Key(string pem) =>
        PrivateKey.TryRead(pem, DomainName.Parse("acme.example"), "s1", out var key, out var fault) ? key : throw new InvalidOperationException(fault);

    private bool Sign(SigningKey[] keys)
    {
        _output.ResetWrittenCount();
        return HeadSigner.Sign(_head, _bodyHash, keys, Time, _output);
    }
}
