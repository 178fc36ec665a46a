using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>Our resolver against dnsmasq.</summary>
[CancelAfter(30_000)]
internal sealed class DnsmasqTests
{
    private const string Zone = """
        no-resolv
        no-hosts
        bind-interfaces
        listen-address=127.0.0.1
        user=root
        local=/example/
        mx-host=two.example,mx2.two.example,20
        mx-host=two.example,mx1.two.example,10
        host-record=mx1.two.example,192.0.2.1,2001:db8::1
        host-record=mx2.two.example,192.0.2.2
        host-record=bare.example,192.0.2.3
        host-record=target.example,192.0.2.4
        cname=alias.example,target.example
        txt-record=text.example,"v=spf1 -all"
        ptr-record=1.2.0.192.in-addr.arpa,mx1.two.example
        local-ttl=300
        auth-ttl=300
        """;

    [Test]
    public async Task Dnsmasq_answers_what_delivery_asks(CancellationToken stop)
    {
        var program = PeerProcess.Find("dnsmasq", "dnsmasq-base");
        using var port = PeerPort.Take();
        using var directory = new PeerDirectory();
        var settings = directory.Write("dnsmasq.conf", $"{Zone}\nport={port}\npid-file={directory.PathTo("pid")}\n");
        await using var peer = PeerProcess.Start(program, directory.Path, "--keep-in-foreground", "--log-facility=-", $"--conf-file={settings}");
        await peer.LineAsync("started", stop);
        await using var dns = new MailDns(new DnsOptions { Servers = [port.EndPoint.ToString()], Cache = 100 }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);

        await DnsPeer.AnswersAsync(dns, "two.example", stop);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await DnsPeer.ExchangersAsync(dns, "two.example", stop), Is.EqualTo("Found 10 mx1.two.example, 20 mx2.two.example"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "bare.example", stop), Is.EqualTo("Found implicit 0 bare.example"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "alias.example", stop), Is.EqualTo("Found implicit 0 alias.example"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "none.example", stop), Is.EqualTo("NoSuchDomain"));
            Assert.That(await DnsPeer.ExchangersAsync(dns, "text.example", stop), Is.EqualTo("NoData"));
            Assert.That(await DnsPeer.AddressesAsync(dns, "mx1.two.example", stop), Is.EqualTo("Found 192.0.2.1 2001:db8::1"));
            Assert.That(await DnsPeer.AddressesAsync(dns, "alias.example", stop), Is.EqualTo("Found 192.0.2.4"));
            Assert.That(await DnsPeer.RecordsAsync(dns, "text.example", RecordType.Txt, stop), Is.EqualTo("Text { Type = Txt, Value = v=spf1 -all }"));
            Assert.That(await DnsPeer.RecordsAsync(dns, "1.2.0.192.in-addr.arpa", RecordType.Ptr, stop), Is.EqualTo("Name { Type = Ptr, Target = mx1.two.example }"));
        }
    }

    [Test]
    public async Task Dnsmasq_refuses_what_it_has_no_upstream_for_and_that_is_a_failure(CancellationToken stop)
    {
        var program = PeerProcess.Find("dnsmasq", "dnsmasq-base");
        using var port = PeerPort.Take();
        using var directory = new PeerDirectory();
        var settings = directory.Write("dnsmasq.conf", $"{Zone}\nport={port}\npid-file={directory.PathTo("pid")}\n");
        await using var peer = PeerProcess.Start(program, directory.Path, "--keep-in-foreground", "--log-facility=-", $"--conf-file={settings}");
        await peer.LineAsync("started", stop);
        await using var dns = new MailDns(new DnsOptions { Servers = [port.EndPoint.ToString()], Cache = 100 }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);

        Assert.That((await dns.FindExchangersAsync(DomainName.Parse("elsewhere.test"), stop)).Status, Is.EqualTo(LookupStatus.Failed));
    }
}
