using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>Our resolver against Unbound, the resolver we tell operators to run.</summary>
[CancelAfter(30_000)]
internal sealed class UnboundTests
{
    [Test]
    public async Task Unbound_answers_what_delivery_asks(CancellationToken stop)
    {
        var program = PeerProcess.Find("unbound", "unbound");
        using var port = PeerPort.Take();
        using var directory = new PeerDirectory();
        await using var peer = PeerProcess.Start(program, directory.Path, "-d", "-p", "-c", directory.Write("unbound.conf", Settings(port)));
        await peer.LineAsync("start of service", stop);
        await using var dns = new MailDns(new DnsOptions { Servers = [port.EndPoint.ToString()], Cache = 100 }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);

        await DnsPeer.AnswersAsync(dns, "two.example", stop);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await DnsPeer.ExchangersAsync(dns, "two.example", stop), Is.EqualTo("Found 10 mx1.two.example, 20 mx2.two.example"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "null.example", stop), Is.EqualTo("NullMx"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "bare.example", stop), Is.EqualTo("Found implicit 0 bare.example"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "none.example", stop), Is.EqualTo("NoSuchDomain"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "text.example", stop), Is.EqualTo("NoData"));
            Assert.That(await DnsPeer.AddressesAsync(dns, "mx1.two.example", stop), Is.EqualTo("Found 192.0.2.1 2001:db8::1"));
            Assert.That(await DnsPeer.RecordsAsync(dns, "text.example", RecordType.Txt, stop), Is.EqualTo("Text { Type = Txt, Value = v=spf1 -all }"));
            Assert.That(await DnsPeer.RecordsAsync(dns, "1.2.0.192.in-addr.arpa", RecordType.Ptr, stop), Is.EqualTo("Name { Type = Ptr, Target = mx1.two.example }"));
            Assert.That((await dns.FindExchangersAsync(DomainName.Parse("none.example"), stop)).Expires - DateTimeOffset.UtcNow, Is.LessThan(TimeSpan.FromSeconds(121)).And.GreaterThan(TimeSpan.FromSeconds(60)));
        }
    }

    [Test]
    public async Task A_large_answer_of_Unbound_comes_by_tcp(CancellationToken stop)
    {
        var program = PeerProcess.Find("unbound", "unbound");
        using var port = PeerPort.Take();
        using var directory = new PeerDirectory();
        await using var peer = PeerProcess.Start(program, directory.Path, "-d", "-p", "-c", directory.Write("unbound.conf", Settings(port)));
        await peer.LineAsync("start of service", stop);
        await using var dns = new MailDns(new DnsOptions { Servers = [port.EndPoint.ToString()], Cache = 100 }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);

        await DnsPeer.AnswersAsync(dns, "two.example", stop);
        var answer = await dns.FindExchangersAsync(DomainName.Parse("large.example"), stop);

        Assert.That(answer.Hosts, Has.Count.EqualTo(100));
        Assert.That(answer.Hosts[99].Host.Name, Is.EqualTo("a-mail-exchanger-with-a-long-name-99.large.example"));
    }

    private static string Settings(PeerPort port) => UnboundConf.Of(port,
    [
        "local-zone: \"example.\" static",
        "local-zone: \"2.0.192.in-addr.arpa.\" static",
        "local-data: \"example. SOA ns.example. hostmaster.example. 1 7200 3600 1209600 120\"",
        "local-data: \"two.example. MX 20 mx2.two.example.\"",
        "local-data: \"two.example. MX 10 MX1.two.example.\"",
        "local-data: \"mx1.two.example. A 192.0.2.1\"",
        "local-data: \"mx1.two.example. AAAA 2001:db8::1\"",
        "local-data: \"mx2.two.example. A 192.0.2.2\"",
        "local-data: \"bare.example. A 192.0.2.3\"",
        "local-data: \"null.example. MX 0 .\"",
        "local-data: 'text.example. TXT \"v=spf1 -all\"'",
        "local-data: \"1.2.0.192.in-addr.arpa. PTR mx1.two.example.\"",
        .. Enumerable.Range(0, 100).Select(number => $"local-data: \"large.example. MX {number} a-mail-exchanger-with-a-long-name-{number}.large.example.\""),
    ]);
}
