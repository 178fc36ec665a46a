using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Engine.Wire;

namespace Engine.Tests.Journeys;

/// <summary>A receiver of large messages: takes everything by DATA and keeps a digest, so that it takes no memory itself.</summary>
internal sealed class LargeSink : IAsyncDisposable
{
    private readonly bool _keeps;
    private readonly Channel<Taken> _taken = Channel.CreateUnbounded<Taken>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _sessions = [];
    private readonly Channel<long> _cut = Channel.CreateUnbounded<long>();
    private readonly TaskCompletionSource _deferred = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    /// <param name="address">Where it listens, from now on.</param>
    /// <param name="keeps">Whether whole messages are kept.</param>
    public LargeSink(IPEndPoint address, bool keeps)
    {
        _keeps = keeps;
        var listener = new TcpListener(address);
        listener.Start();
        _accepting = AcceptAsync(listener);
    }

    /// <param name="Recipients">As given, with brackets.</param>
    /// <param name="Digest">SHA-256 of the body.</param>
    /// <param name="Length">Octets of the body.</param>
    /// <param name="Whole">The whole message; empty when it is not kept.</param>
    internal sealed record Taken(IReadOnlyList<string> Recipients, string Digest, long Length, byte[] Whole);

    /// <summary>Puts every recipient off while it is set.</summary>
    public bool Defers { get; set; }

    /// <summary>Completes when a recipient was put off.</summary>
    public Task Deferred => _deferred.Task;

    /// <summary>Octets of body that had come when a connection ended inside a content.</summary>
    public ValueTask<long> CutAsync(CancellationToken stop) => _cut.Reader.ReadAsync(stop);

    public ValueTask<Taken> TakeAsync(CancellationToken stop) => _taken.Reader.ReadAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        using (listener)
        {
            try
            {
                while (true)
                {
                    _sessions.Add(ServeAsync(await listener.AcceptSocketAsync(_stop.Token)));
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            using var session = new Session(this);
            var (buffer, end) = (new byte[64 << 10], 0);
            try
            {
                await socket.SendAsync("220 large.test\r\n"u8.ToArray(), _stop.Token);
                while (await socket.ReceiveAsync(buffer.AsMemory(end), _stop.Token) is > 0 and var count)
                {
                    end += count;
                    var start = session.Feed(buffer.AsSpan(0, end), taken => _taken.Writer.TryWrite(taken));
                    buffer.AsSpan(start..end).CopyTo(buffer);
                    end -= start;

                    await socket.SendAsync(session.Replies(), _stop.Token);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                // The engine or the test has gone.
            }

            if (session.IsInContent)
            {
                _cut.Writer.TryWrite(session.Length);
            }
        }
    }

    private sealed class Session(LargeSink sink) : IDisposable
    {
        private readonly List<string> _recipients = [];
        private readonly StringBuilder _replies = new();
        private readonly StringBuilder _head = new();
        private readonly ArrayBufferWriter<byte> _whole = new();
        private IncrementalHash? _digest;
        private DotReader _dots;
        private bool _isBody;

        /// <summary>Octets of body so far.</summary>
        public long Length { get; private set; }

        public bool IsInContent => _digest is not null;

        public void Dispose() => _digest?.Dispose();

        public byte[] Replies()
        {
            var octets = Encoding.ASCII.GetBytes(_replies.ToString());
            _replies.Clear();
            return octets;
        }

        public int Feed(ReadOnlySpan<byte> input, Action<Taken> take)
        {
            var used = 0;
            for (var step = -1; used < input.Length && step != 0; used += step)
            {
                step = IsInContent ? Content(input[used..], take) : Line(input[used..]);
            }

            return used;
        }

        private int Line(ReadOnlySpan<byte> input)
        {
            var end = input.IndexOf("\r\n"u8);
            if (end < 0)
            {
                return 0;
            }

            var line = Encoding.ASCII.GetString(input[..end]);
            switch (line[..4].ToUpperInvariant())
            {
                case "EHLO":
                    _replies.Append("250-large.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000000\r\n");
                    break;
                case "RCPT" when sink.Defers:
                    _replies.Append("450 4.2.0 Come again\r\n");
                    sink._deferred.TrySetResult();
                    break;
                case "RCPT":
                    _recipients.Add(line["RCPT TO:".Length..].Split(' ')[0]);
                    goto default;
                case "DATA" when _recipients.Count == 0:
                    _replies.Append("503 5.5.1 RCPT first\r\n");
                    break;
                case "DATA":
                    _replies.Append("354 Go\r\n");
                    _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    (_dots, Length, _isBody) = (new DotReader(isStuffed: true), 0, false);
                    _head.Clear();
                    _whole.ResetWrittenCount();
                    break;
                default:
                    _replies.Append("250 Ok\r\n");
                    break;
            }

            return end + 2;
        }

        private int Content(ReadOnlySpan<byte> input, Action<Taken> take)
        {
            var status = _dots.Read(input, out var consumed, out var run);
            Assert.That(status, Is.Not.EqualTo(DotStatus.BareLineEnd));
            if (sink._keeps)
            {
                _whole.Write(run);
            }

            Digest(run);
            if (status is DotStatus.End)
            {
                take(End());
            }

            return consumed;
        }

        private void Digest(ReadOnlySpan<byte> run)
        {
            if (!_isBody)
            {
                var before = _head.Length;
                _head.Append(Encoding.Latin1.GetString(run));
                var end = _head.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
                _isBody = end >= 0;
                run = _isBody ? run[(end + 4 - before)..] : default;
            }

            Length += run.Length;
            _digest!.AppendData(run);
        }

        private Taken End()
        {
            var taken = new Taken([.. _recipients], Convert.ToHexString(_digest!.GetHashAndReset()), Length, sink._keeps ? _whole.WrittenSpan.ToArray() : []);
            _digest.Dispose();
            _digest = null;
            _recipients.Clear();
            _replies.Append("250 2.0.0 Taken\r\n");
            return taken;
        }
    }
}
