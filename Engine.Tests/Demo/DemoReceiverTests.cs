using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Engine.Demo;
using Engine.Wire;

namespace Engine.Tests.Demo;

internal sealed class DemoReceiverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Ledger _ledger = new(TimeProvider.System);

    [Test, CancelAfter(30_000)]
    public async Task A_pipelined_message_is_in_the_ledger_before_its_answer(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript());
        await using var session = await SubmitSession.OpenAsync(receiver.EndPoint, null, TimeProvider.System, guard);
        _ledger.Announce(5, ["a@x.test"]);

        var answer = await session!.SubmitAsync(Letter(5, "a@x.test"), guard);

        Assert.That(answer.Kind, Is.EqualTo(SubmitKind.Accepted));
        Assert.That(_ledger.Read(5, static story => story.Recipients.Single().Deliveries.Single().TlsVersion), Is.Null);
        await _ledger.WhenAsync(5, static story => story.Recipients[0].Deliveries[0].AnsweredAt is not null, guard);
    }

    [Test, CancelAfter(30_000)]
    public async Task Tls_is_offered_taken_and_noted(CancellationToken guard)
    {
        using var certificate = SelfSignedCertificate.Create("mx.x.test", TimeProvider.System.GetUtcNow());
        var script = new ReceiverScript { Certificate = certificate, Offers = ReceiverOffers.StartTls | ReceiverOffers.Chunking };
        await using var receiver = Open(script);
        await using var connection = await ConnectAsync(receiver, guard);
        var reader = new SubmitReader(connection, Patience);

        await reader.ReadAsync(guard);
        Assert.That((await SayAsync(connection, reader, "EHLO me\r\n", guard)).Text, Is.EqualTo("STARTTLS"));
        Assert.That((await SayAsync(connection, reader, "STARTTLS\r\n", guard)).Code, Is.EqualTo(220));
        Assert.That(await connection.SecureAsClientAsync(TrustAnybody(), Patience, static () => Engine.Mail.TlsProof.None, guard), Is.EqualTo(WireFault.None));
        Assert.That((await SayAsync(connection, reader, "EHLO me\r\n", guard)).Text, Is.EqualTo("CHUNKING"));
        Assert.That((await SayAsync(connection, reader, "MAIL FROM:<s@x.test>\r\n", guard)).Code, Is.EqualTo(250));
        Assert.That((await SayAsync(connection, reader, "RCPT TO:<a@x.test>\r\n", guard)).Code, Is.EqualTo(250));
        Assert.That((await SayAsync(connection, reader, "BDAT 20 LAST\r\nX-Demo-Number: 9\r\n\r\n.", guard)).Code, Is.EqualTo(250));

        Assert.That(_ledger.Read(9, static story => story.Recipients.Single().Deliveries.Single().TlsVersion), Is.AnyOf("1.2", "1.3"));
    }

    [Test, CancelAfter(30_000)]
    public async Task After_the_dot_the_connection_breaks_with_the_message_taken_or_lost(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { LoseEvery = 1, DropEvery = 1 });
        await using var other = Open(new ReceiverScript { DropEvery = 1 });
        await using var lost = await SubmitSession.OpenAsync(receiver.EndPoint, null, TimeProvider.System, guard);
        await using var dropped = await SubmitSession.OpenAsync(other.EndPoint, null, TimeProvider.System, guard);

        Assert.That((await lost!.SubmitAsync(Letter(1, "a@x.test"), guard)).Kind, Is.EqualTo(SubmitKind.Unknown));
        Assert.That((await dropped!.SubmitAsync(Letter(2, "b@x.test"), guard)).Kind, Is.EqualTo(SubmitKind.Unknown));

        Assert.That(_ledger.Read(1, static story => story.IsDelivered), Is.False);
        Assert.That(_ledger.Read(2, static story => story.Recipients.Single().Deliveries.Single().AnsweredAt), Is.Null);
        Assert.That((receiver.Contents, other.Contents), Is.EqualTo((1, 1)));
    }

    [Test, CancelAfter(30_000)]
    public async Task Every_second_message_is_put_off(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { DeferEvery = 2, ReplyDelay = TimeSpan.FromMilliseconds(1) });
        await using var session = await SubmitSession.OpenAsync(receiver.EndPoint, null, TimeProvider.System, guard);

        var kinds = new List<SubmitKind>();
        for (var number = 1; number <= 4; number++)
        {
            kinds.Add((await session!.SubmitAsync(Letter(number, "a@x.test"), guard)).Kind);
        }

        Assert.That(kinds, Is.EqualTo(new[] { SubmitKind.Accepted, SubmitKind.TryLater, SubmitKind.Accepted, SubmitKind.TryLater }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Receivers_stand_on_one_port_of_several_addresses(CancellationToken guard)
    {
        var names = new DnsTable();
        var house = new ReceiverHouse(["one.test"], new ReceiverScript { Hostname = "mx.one.test" });
        await using var street = await ReceiverStreet.OpenAsync([house, house with { Domains = ["two.test"] }], names, _ledger, TimeProvider.System, taken: null);

        Assert.That(street.Receivers.Select(static one => one.EndPoint.ToString()), Is.EqualTo(new[] { $"127.0.0.2:{street.Port}", $"127.0.0.3:{street.Port}" }));
        await using var session = await SubmitSession.OpenAsync(street.Receivers[1].EndPoint, null, TimeProvider.System, guard);
        Assert.That(session, Is.Not.Null);
        Assert.That(street.Domains, Is.EqualTo(new[] { "one.test", "two.test" }));
    }

    [Test, CancelAfter(30_000)]
    public async Task Signatures_are_verified_beside_the_way(CancellationToken guard)
    {
        await using var check = new SignatureCheck(static message => message.Span.IndexOf("good"u8) >= 0, _ledger);
        await using var receiver = new DemoReceiver(new ReceiverScript(), new IPEndPoint(IPAddress.Loopback, 0), _ledger, TimeProvider.System, check.AddAsync);
        await using var session = await SubmitSession.OpenAsync(receiver.EndPoint, null, TimeProvider.System, guard);

        await session!.SubmitAsync(Letter(1, "a@x.test", "good"), guard);
        await session.SubmitAsync(Letter(2, "b@x.test", "bad"), guard);
        await check.CompleteAsync();

        Assert.That(_ledger.Read(1, static story => (story.SignaturesPassed, story.SignaturesFailed)), Is.EqualTo((1, 0)));
        Assert.That(_ledger.Read(2, static story => (story.SignaturesPassed, story.SignaturesFailed)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Nothing_listens_beyond_loopback() =>
        Assert.That(() => Loopback.Listen(new IPEndPoint(IPAddress.Any, 0), 1), Throws.ArgumentException);

    private static Letter Letter(long number, string recipient, string body = "body") =>
        new(number, "s@demo.test", [recipient], Encoding.ASCII.GetBytes($"X-Demo-Number: {number}\r\n\r\n{body}\r\n.\r\n"));

    private static SslClientAuthenticationOptions TrustAnybody() => new()
    {
        TargetHost = "mx.x.test",
#pragma warning disable CA5359 // A certificate made for this test is all there is to see.
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private static async Task<Connection> ConnectAsync(DemoReceiver receiver, CancellationToken guard)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(receiver.EndPoint, guard);
        var socket = client.Client;
        client.Client = null!;
        return new Connection(socket, TimeProvider.System);
    }

    private static async Task<(int Code, string Text)> SayAsync(Connection connection, SubmitReader reader, string octets, CancellationToken guard)
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes(octets), Patience, guard);
        return await reader.ReadAsync(guard);
    }

    private DemoReceiver Open(ReceiverScript script) => new(script, new IPEndPoint(IPAddress.Loopback, 0), _ledger, TimeProvider.System);
}
