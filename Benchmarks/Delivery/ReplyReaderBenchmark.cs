using System.Buffers;
using BenchmarkDotNet.Attributes;
using Engine.Delivery.Smtp;

namespace Benchmarks.Delivery;

/// <summary>Reading replies out of a receive buffer.</summary>
[MemoryDiagnoser]
public class ReplyReaderBenchmark
{
    private readonly byte[] _one = "250 2.1.5 Ok\r\n"u8.ToArray();
    private readonly byte[] _four = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"u8.ToArray();
    private readonly byte[] _ehlo = "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250 CHUNKING\r\n"u8.ToArray();

    [Benchmark]
    public int One() => Read(_one);

    [Benchmark]
    public int FourPipelined() => Read(_four);

    [Benchmark]
    public int EhloAndOffer()
    {
        var reader = new ReplyReader(new ReadOnlySequence<byte>(_ehlo));
        return reader.TryRead(out var reply) is ReadResult.Complete ? (int)EhloOffer.Parse(reply).Extensions : 0;
    }

    private static int Read(byte[] octets)
    {
        var reader = new ReplyReader(new ReadOnlySequence<byte>(octets));
        var sum = 0;
        while (reader.TryRead(out var reply) is ReadResult.Complete)
        {
            sum += reply.Code;
        }

        return sum;
    }
}
