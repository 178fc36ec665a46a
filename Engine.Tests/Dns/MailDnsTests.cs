using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Dns;

[CancelAfter(20_000)]
internal sealed class MailDnsTests
{
    private static readonly DomainName Domain = DomainName.Parse("example.com");

    // The zone example.com in one word a record; what follows is what delivery gets.
    [TestCase("mx:20:b.example mx:10:a.example", "Found 10 a.example, 20 b.example")]
    [TestCase("a:192.0.2.1", "Found implicit 0 example.com")]
    [TestCase("aaaa:2001:db8::1", "Found implicit 0 example.com")]
    [TestCase("mx:0:.", "NullMx")]
    [TestCase("mx:0:. a:192.0.2.1", "NullMx")]
    [TestCase("mx:10:192.0.2.1 a:192.0.2.1", "NoData", Description = "an MX that cannot be used is no reason for the implicit one")]
    [TestCase("", "NoData")]
    [TestCase("nxdomain", "NoSuchDomain")]
    [TestCase("servfail", "Failed")]
    [TestCase("a:servfail", "Failed", Description = "no MX, and the address unknown")]
    public async Task A_zone_leads_to_exchangers(string zone, string expected, CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Answer(asked, zone.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        await using var dns = Dns(resolver);

        var answer = await dns.FindExchangersAsync(Domain, stop);

        var text = $"{answer.Status}{(answer.IsImplicit ? " implicit" : "")} {string.Join(", ", answer.Hosts.Select(host => $"{host.Preference} {host.Host}"))}";
        Assert.That(text.Trim(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Addresses_of_both_families_are_merged(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Answer(asked, ["a:192.0.2.1", "a:192.0.2.2", "aaaa:2001:db8::1"]));
        await using var dns = Dns(resolver);

        var answer = await dns.FindAddressesAsync(Domain, stop);

        Assert.That(answer.Addresses.Select(address => address.ToString()), Is.EqualTo(new[] { "192.0.2.1", "192.0.2.2", "2001:db8::1" }));
        Assert.That(resolver.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task The_implicit_exchanger_leaves_its_addresses_in_the_cache(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Answer(asked, ["a:192.0.2.1"]));
        await using var dns = Dns(resolver);

        await dns.FindExchangersAsync(Domain, stop);
        Assert.That(resolver.Count, Is.EqualTo(3));
        await dns.FindAddressesAsync(Domain, stop);
        await dns.FindExchangersAsync(Domain, stop);
        Assert.That(resolver.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task A_cached_answer_is_there_at_once_and_allocates_nothing(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Answer(asked, ["mx:10:a.example", "a:192.0.2.1"]));
        await using var dns = Dns(resolver);
        await dns.FindExchangersAsync(Domain, stop);
        await dns.FindAddressesAsync(Domain, stop);

        var found = 0;
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(found, Is.EqualTo(4_000));

        void Ask()
        {
            for (var round = 0; round < 1_000; round++)
            {
                found += Done(dns.FindExchangersAsync(Domain, stop));
                found += Done(dns.FindAddressesAsync(Domain, stop));
            }
        }
    }

    [Test]
    public async Task Other_questions_go_by_the_same_client(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Found(new ResourceRecord(asked.Query.Name, 60, new DnsRecord.Text("v=spf1 -all"))));
        await using var dns = Dns(resolver);

        Assert.That((await dns.Client.AskAsync(Domain, RecordType.Txt, stop)).Records, Is.EqualTo(new[] { new DnsRecord.Text("v=spf1 -all") }));
    }

    [Test]
    public async Task It_serves_the_same_settings_and_no_others()
    {
        var options = new DnsOptions { Servers = ["127.0.0.1:5300"], Cache = 100 };
        await using var dns = new MailDns(options, TimeProvider.System, new Random(1), NullLogger.Instance);

        Assert.That(dns.Serves(new DnsOptions { Servers = ["127.0.0.1:5300"], Cache = 100 }), Is.True);
        Assert.That(dns.Serves(options with { Servers = ["127.0.0.1:5301"] }), Is.False);
        Assert.That(dns.Serves(options with { TrustAd = false }), Is.False);
        Assert.That(dns.Serves(options with { Timeout = TimeSpan.FromSeconds(1) }), Is.False);
    }

    [Test]
    public async Task More_questions_than_may_be_open_wait_in_line_and_are_all_answered(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Answer(asked, ["mx:10:a.example"]));
        await using var dns = Dns(resolver);

        var asking = Enumerable.Range(0, DnsExchange.MaxOpen * 4).Select(number => dns.FindExchangersAsync(DomainName.Parse($"d{number}.example"), stop).AsTask());
        var answers = await Task.WhenAll(asking);

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(LookupStatus.Found));
    }

    private static int Done<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? 1 : 0;

    private static byte[] Answer(Asked asked, string[] zone)
    {
        if (zone is ["nxdomain"])
        {
            return asked.NoSuchName(60);
        }

        var type = asked.Query.Type.ToString().ToUpperInvariant();
        var records = zone.Where(word => word.StartsWith(type + ":", StringComparison.OrdinalIgnoreCase)).Select(word => word[(type.Length + 1)..]).ToList();
        if (zone is ["servfail"] || records is ["servfail"])
        {
            return asked.Code(ResponseCode.ServerFailure);
        }

        var name = asked.Query.Name;
        return records.Count == 0 ? asked.NoData(60) : asked.Found([.. records.Select(Record)]);

        ResourceRecord Record(string text) => asked.Query.Type is RecordType.Mx
            ? Asked.Mx(name, ushort.Parse(text[..text.IndexOf(':', StringComparison.Ordinal)], provider: null), text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..])
            : Asked.Address(name, text);
    }

    // The real clock: a thousand questions on two cores may take their time, but none is lost.
    private static MailDns Dns(ScriptedResolver resolver) =>
        new(new DnsOptions { Servers = [resolver.Address], Cache = 10_000 }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
}
