using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Engine.Demo;
using Engine.Dns;

namespace Engine.Tests.Demo;

internal sealed class DnsResponderTests
{
    private readonly DnsTable _table = new DnsTable()
        .Add("a.demo.test", new DnsRecord.Mx(10, "mx.demo.test"))
        .Add("a.demo.test", new DnsRecord.Mx(20, "mx2.demo.test"))
        .Add("mx.demo.test", new DnsRecord.Address(IPAddress.Parse("127.0.0.2")))
        .Add("mx.demo.test", new DnsRecord.Address(IPAddress.IPv6Loopback))
        .Add("alias.demo.test", new DnsRecord.Name(RecordType.Cname, "a.demo.test"))
        .Add("dead.demo.test", new DnsRecord.Name(RecordType.Cname, "nowhere.demo.test"))
        .Add("k._domainkey.demo.test", new DnsRecord.Text("v=DKIM1; p=" + new string('x', 600)));

    [TestCase("a.demo.test", RecordType.Mx, 0, 2)]
    [TestCase("A.Demo.TEST", RecordType.Mx, 0, 2, TestName = "Names are alike in both cases")]
    [TestCase("mx.demo.test", RecordType.A, 0, 1)]
    [TestCase("mx.demo.test", RecordType.Aaaa, 0, 1)]
    [TestCase("mx.demo.test", RecordType.Mx, 0, 0, TestName = "NODATA")]
    [TestCase("demo.test", RecordType.Mx, 0, 0, TestName = "A name above others exists")]
    [TestCase("none.demo.test", RecordType.Mx, 3, 0, TestName = "NXDOMAIN")]
    [TestCase("alias.demo.test", RecordType.Mx, 0, 3, TestName = "An alias is followed")]
    [TestCase("dead.demo.test", RecordType.Mx, 0, 1, TestName = "An alias that leads nowhere")]
    public void Questions_are_answered_out_of_the_table(string name, object type, int code, int answers)
    {
        var response = _table.Answer(new DnsQuery(1, name, (RecordType)type));

        Assert.That(((int)response.Code, response.Answers.Count), Is.EqualTo((code, answers)));
        Assert.That(response.Authorities, Has.Count.EqualTo(response.Answers.Any(one => one.Content.Type == (RecordType)type) ? 0 : 1));
    }

    [Test]
    public void A_name_can_be_made_to_fail_and_to_vanish()
    {
        var query = new DnsQuery(1, "a.demo.test", RecordType.Mx);
        _table.Fail("a.demo.test", ResponseCode.ServerFailure);
        Assert.That(_table.Answer(query).Code, Is.EqualTo(ResponseCode.ServerFailure));
        _table.Fail("a.demo.test", ResponseCode.NoError);
        Assert.That(_table.Answer(query).Answers, Has.Count.EqualTo(2));
        _table.Remove("a.demo.test");
        Assert.That(_table.Answer(query).Code, Is.EqualTo(ResponseCode.NoSuchName));
    }

    [Test, CancelAfter(30_000)]
    public async Task Datagrams_and_streams_carry_the_answer(CancellationToken guard)
    {
        await using var responder = DnsResponder.Start(_table);
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        udp.Connect(responder.EndPoint);

        var small = await AskAsync(udp, new DnsQuery(7, "a.demo.test", RecordType.Mx), guard);
        Assert.That((small.Id, small.IsResponse, small.Answers, small.IsTruncated), Is.EqualTo(((ushort)7, true, (ushort)2, false)));

        var large = new DnsQuery(8, "k._domainkey.demo.test", RecordType.Txt);
        Assert.That((await AskAsync(udp, large, guard)).IsTruncated, Is.True, "more than 512 octets do not fit");
        Assert.That((await AskAsync(udp, large with { UdpSize = 1_232 }, guard)).Answers, Is.EqualTo(1));

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(responder.EndPoint, guard);
        var reply = await AskAsync(tcp.GetStream(), large, guard);
        Assert.That(DnsHeader.TryRead(reply, out var header), Is.True);
        Assert.That((header.Answers, header.IsTruncated, reply.Length > 600), Is.EqualTo(((ushort)1, false, true)));
        Assert.That(responder.Questions, Is.EqualTo(4));
    }

    [Test, CancelAfter(30_000)]
    public async Task What_is_no_question_is_not_answered(CancellationToken guard)
    {
        await using var responder = DnsResponder.Start(_table);
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        udp.Connect(responder.EndPoint);

        await udp.SendAsync(new byte[] { 1, 2, 3 }, guard);
        var header = await AskAsync(udp, new DnsQuery(9, "mx.demo.test", RecordType.A), guard);

        Assert.That(header.Id, Is.EqualTo(9));
    }

    private static async Task<DnsHeader> AskAsync(UdpClient client, DnsQuery query, CancellationToken guard)
    {
        var question = new byte[DnsQuery.MaxLength];
        await client.SendAsync(question.AsMemory(0, query.Write(question)), guard);
        var answer = await client.ReceiveAsync(guard);
        return DnsHeader.TryRead(answer.Buffer, out var header) ? header : throw new InvalidDataException();
    }

    private static async Task<byte[]> AskAsync(NetworkStream stream, DnsQuery query, CancellationToken guard)
    {
        var question = new byte[DnsQuery.MaxLength + 2];
        var length = query.Write(question.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(question, (ushort)length);
        await stream.WriteAsync(question.AsMemory(0, length + 2), guard);
        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, guard);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(answer, guard);
        return answer;
    }
}
