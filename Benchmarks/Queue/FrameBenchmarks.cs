using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Frames;

namespace Benchmarks.Queue;

/// <summary>What a message costs before and after the disk: encode, checksum and lay out; check and open.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private readonly OctetWriter _front = new();
    private readonly OctetWriter _prefix = new();
    private byte[] _frame = [];
    private NewMessage _message = null!;

    [Params(2_048, 10_240, 76_800)]
    public int Octets { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var envelope = new Envelope
        {
            Id = new MessageId(1UL << 52),
            Sender = Mailbox.Parse("bounce@sender.example"),
            Recipients = [new Recipient(Mailbox.Parse("someone@receiver.example"))],
            Account = "acme",
            Stream = "news",
            Campaign = "spring",
            HeaderMessageId = "0123456789@sender.example",
            Accepted = DateTimeOffset.UnixEpoch.AddYears(56),
        };
        var head = new MessageHead(Encoding.ASCII.GetBytes(new string('h', 1_000) + "\r\n\r\n"), [new DkimIdentity("sender.example", "s1")], new byte[32]);
        var content = new byte[Octets];
        new Random(1).NextBytes(content);
        _message = new NewMessage(envelope, [head], new ReadOnlySequence<byte>(content));
        _frame = new byte[FrameHeader.Size + Body().Length];
        Write();
    }

    [Benchmark]
    public int Write()
    {
        var body = Body();
        body.WriteTo(_frame, 1, 1);
        return body.Length;
    }

    [Benchmark]
    public bool Check() => FrameHeader.TryReadWhole(_frame, out _, out _);

    [Benchmark]
    public int OpenAndFindRecipient()
    {
        FrameHeader.TryRead(_frame, out _, out var payload);
        var layout = MessageLayout.Read(payload);
        var view = new EnvelopeView(_frame.AsMemory(FrameHeader.Size + MessageLayout.Size, layout.Envelope));
        return view.AddressOf(0).Length;
    }

    public void Dispose()
    {
        _front.Dispose();
        _prefix.Dispose();
        GC.SuppressFinalize(this);
    }

    private FrameBody Body()
    {
        _front.Clear();
        _prefix.Clear();
        EnvelopeCodec.Write(_message.Envelope, _front);
        var envelope = _front.Length;
        HeadTable.Write(_message.Heads, _front);
        var table = _front.Length - envelope;
        _front.Raw(_message.Heads[0].Octets.Span);
        var shape = new MessageLayout(envelope, table, _message.Heads[0].Octets.Length, _message.Content.Length, 0, 0);
        (shape with { Inline = (int)shape.Total }).Write(_prefix, []);
        return new FrameBody(FrameKind.Message, _message.Envelope.Id, _prefix.Written, _front.Written, _message.Content);
    }
}
