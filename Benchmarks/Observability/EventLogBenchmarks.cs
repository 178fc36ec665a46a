using BenchmarkDotNet.Attributes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Observability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Observability;

/// <summary>One delivered event with all that a delivery knows: turned into its line, and through the log to the disk.</summary>
[MemoryDiagnoser]
public class EventLogBenchmarks : IAsyncDisposable
{
    private const int Events = 100_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-bench-").FullName;
    private readonly LineBuffer _buffer = new();
    private readonly System.Text.Json.Utf8JsonWriter _json;
    private readonly EventLog _log;
    private readonly Event _line;

    public EventLogBenchmarks()
    {
        _json = new System.Text.Json.Utf8JsonWriter(_buffer, EventJson.Options);
        _log = new EventLog(
            new EventLogSettings { Directory = _directory, Node = 1, Options = () => new EventsOptions { MaxDisk = ByteSize.MiB(64) } },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        _line = new Event
        {
            Kind = EventKind.Delivered,
            Time = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
            Id = new MessageIdSource(1, TimeProvider.System).Next(),
            Attempt = 1,
            HeaderMessageId = "20261122120000.4711@mail.sender.example",
            To = "somebody.somewhere@receiver.example"u8.ToArray(),
            From = "b+0123456789@bounce.sender.example"u8.ToArray(),
            Account = "acme",
            Stream = "news",
            Campaign = "2026-11-black",
            Domain = "receiver.example",
            Provider = "google",
            Mx = "mx1.receiver.example",
            MxAddress = System.Net.IPAddress.Parse("198.51.100.25"),
            Source = "a1",
            SourceAddress = System.Net.IPAddress.Parse("198.51.100.1"),
            Pool = "bulk",
            Session = 4_711,
            Code = 250,
            Enhanced = new EnhancedCode(2, 0, 0),
            Reply = "OK 1790000000 af79cd13be357-5b2 - gsmtp",
            Command = SmtpCommand.Dot,
            Tls = new TlsSession("1.3", "TLS_AES_256_GCM_SHA384", TlsProof.Dane),
            Queued = TimeSpan.FromMilliseconds(184),
            Transaction = TimeSpan.FromMilliseconds(61),
            Size = 10_873,
        };
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _json.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The line alone; returns its octets.</summary>
    [Benchmark]
    public int Serialise()
    {
        _buffer.Clear();
        _json.Reset();
        EventJson.Write(_json, _line, _line.Time, 1, 1);
        _json.Flush();
        return _buffer.Written.Length;
    }

    /// <summary>Per event, the time until all of them are in the file included.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public async Task ToDiskAsync()
    {
        for (var count = 0; count < Events; count++)
        {
            _log.Write(_line);
        }

        await _log.FlushAsync(CancellationToken.None);
    }
}
