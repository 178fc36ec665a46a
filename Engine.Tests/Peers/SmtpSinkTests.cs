using System.Buffers;
using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Tests.Delivery.Smtp;
using Engine.Wire;

namespace Engine.Tests.Peers;

/// <summary>The client against Postfix's <c>smtp-sink</c>, well and with its faults.</summary>
[CancelAfter(60_000)]
internal sealed class SmtpSinkTests
{
    [TestCase("", "250 250", SessionState.Reusable)]
    [TestCase("-p", "250 250", SessionState.Reusable, Description = "no PIPELINING")]
    [TestCase("-e", "250 250", SessionState.Reusable, Description = "no ESMTP: HELO")]
    [TestCase("-8 -E -N", "250 250", SessionState.Reusable, Description = "no 8BITMIME, enhanced codes and DSN")]
    [TestCase("-f mail", "500 500", SessionState.Reusable)]
    [TestCase("-f rcpt", "500 500", SessionState.Reusable)]
    [TestCase("-f data", "500 500", SessionState.Reusable)]
    [TestCase("-f .", "500 500", SessionState.Reusable)]
    [TestCase("-r mail", "450 450", SessionState.Reusable)]
    [TestCase("-r rcpt", "450 450", SessionState.Reusable)]
    [TestCase("-r data", "450 450", SessionState.Reusable)]
    [TestCase("-r .", "450 450", SessionState.Reusable)]
    [TestCase("-q mail", "0 0", SessionState.Broken)]
    [TestCase("-q rcpt", "0 0", SessionState.Broken)]
    [TestCase("-q data", "0 0", SessionState.Broken)]
    [TestCase("-q .", "0 0", SessionState.Uncertain)]
    [TestCase("-Q mail", "421 421", SessionState.Closing)]
    [TestCase("-Q rcpt", "421 421", SessionState.Closing)]
    [TestCase("-Q data", "421 421", SessionState.Closing)]
    [TestCase("-Q .", "421 421", SessionState.Closing)]
    public async Task What_the_sink_does_is_what_the_recipients_learn(string options, string codes, SessionState state, CancellationToken stop)
    {
        await using var sink = await StartAsync(options, stop);
        await using var session = await OpenAsync(sink.Port, OpenState.Ready, stop);
        var verdicts = new Verdict[2];

        var result = await session.SendAsync(TestJobs.Make("..\r\n.\r\nMAIL FROM:<x@mx.test>\r\n"), verdicts, next: null, stop);

        Assert.That((string.Join(' ', verdicts.Select(verdict => verdict.Code)), result.State), Is.EqualTo((codes, state)), result.Remark);
        if (state is SessionState.Reusable)
        {
            await session.CloseAsync();
        }
    }

    [TestCase("-q connect", OpenState.Broken)]
    [TestCase("-f connect", OpenState.Refused)]
    [TestCase("-Q connect", OpenState.Refused)]
    [TestCase("-q ehlo", OpenState.Broken)]
    [TestCase("-f ehlo", OpenState.Ready, Description = "HELO helps")]
    [TestCase("-f ehlo,helo", OpenState.Refused)]
    [TestCase("-r ehlo", OpenState.Refused)]
    public async Task What_the_sink_does_at_the_start_is_told(string options, OpenState state, CancellationToken stop)
    {
        await using var sink = await StartAsync(options, stop);
        await using var session = await OpenAsync(sink.Port, state, stop);
    }

    [Test]
    public async Task A_thousand_messages_with_glued_envelopes_arrive_once_each([Values(0, 20_000)] int padding, CancellationToken stop)
    {
        await using var sink = await StartAsync("-c", stop);
        var line = new Line(1_000, padding);
        for (var connection = 0; line.HasMore; connection++)
        {
            Assert.That(connection, Is.LessThan(2));
            await using var session = await OpenAsync(sink.Port, OpenState.Ready, stop);
            line.TryTake(out var job, out var verdicts);
            var result = await session.SendAsync(job, verdicts, line, stop);
            while (session.HasNext && result.State is SessionState.Reusable)
            {
                result = await session.SendNextAsync(line, stop);
            }

            Assert.That(result.State, Is.EqualTo(SessionState.Reusable));
            await session.CloseAsync();
        }

        Assert.That(line.Delivered, Is.EqualTo(1_000));
    }

    private static async Task<Sink> StartAsync(string options, CancellationToken stop)
    {
        var program = PeerProcess.Find("smtp-sink", "postfix");
        var user = Environment.UserName is "root" ? "-u nobody" : string.Empty;
        var sink = new Sink(program, $"{user} {options}");
        await sink.ListensAsync(stop);
        return sink;
    }

    private static async Task<SmtpSession> OpenAsync(int port, OpenState state, CancellationToken stop)
    {
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []);
        var connected = await new Connector(rule, TimeProvider.System).ConnectAsync(
            null, new IPEndPoint(IPAddress.Loopback, port), AddressOrigin.Resolved, TimeSpan.FromSeconds(20), stop);
        var settings = new SessionSettings("client.test", "mx.test", TlsPolicy.Opportunistic, new TimeoutOptions());
        var session = new SmtpSession(connected.Connection!, settings, new HostMemory(TimeProvider.System, TimeSpan.FromHours(1)), TimeProvider.System);
        Assert.That((await session.OpenAsync(stop)).State, Is.EqualTo(state));
        return session;
    }

    private sealed class Sink : IAsyncDisposable
    {
        private readonly PeerPort _port = PeerPort.Take();
        private readonly PeerProcess _process;

        public Sink(string program, string options) =>
            _process = PeerProcess.Start(program, directory: null, $"{options} {_port.EndPoint} 100".Split(' ', StringSplitOptions.RemoveEmptyEntries));

        public int Port => _port.Number;

        public Task ListensAsync(CancellationToken stop) => _process.ListensAsync(Port, stop);

        public async ValueTask DisposeAsync()
        {
            await _process.DisposeAsync();
            _port.Dispose();
        }
    }

    private sealed class Line(int count, int padding) : INextJob
    {
        private readonly Verdict[] _verdicts = new Verdict[count];
        private int _taken;

        public bool HasMore => _taken < count;

        public int Delivered => _verdicts.Count(verdict => verdict.IsDelivered);

        public bool TryTake(out SmtpJob job, out Memory<Verdict> verdicts)
        {
            (job, verdicts) = (default, default);
            if (!HasMore)
            {
                return false;
            }

            var content = Encoding.ASCII.GetBytes($".{_taken}\r\n" + new string('.', padding));
            job = new SmtpJob { Sender = default, Recipients = new TestRecipients("r@mx.test"), Head = "A: b\r\n\r\n"u8.ToArray(), Content = new ReadOnlySequence<byte>(content) };
            verdicts = _verdicts.AsMemory(_taken++, 1);
            return true;
        }
    }
}
