using System.Net;
using Engine.Preflight.Spf;

namespace Engine.Tests.Preflight.Spf;

/// <summary>What the suite does not ask: words for operators, and zones that mean harm.</summary>
internal sealed class SpfEvaluationTests
{
    private readonly RecordTable _dns = new();

    [TestCase("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.7", SpfResult.Pass, "ip4:192.0.2.0/24 of example.com")]
    [TestCase("v=spf1 ip4:192.0.2.0/25 ~all", "192.0.2.200", SpfResult.SoftFail, "~all of example.com")]
    [TestCase("v=spf1 ip6:2001:db8::/33 -all", "2001:db8:7fff::1", SpfResult.Pass, "ip6:2001:db8::/33 of example.com")]
    [TestCase("v=spf1 ip6:2001:db8::/33 -all", "2001:db8:8000::1", SpfResult.Fail, "-all of example.com")]
    [TestCase("v=spf1 ip4:192.0.2.0/24", "198.51.100.1", SpfResult.Neutral, "no term of example.com matches")]
    [TestCase("v=spf1 include:gone.example.net -all", "192.0.2.7", SpfResult.PermError, "include:gone.example.net: gone.example.net has no SPF record")]
    [TestCase("v=spf1 ip4:192.0.2.300 -all", "192.0.2.7", SpfResult.PermError, "example.com: 'ip4:192.0.2.300' is no mechanism")]
    [TestCase("v=spf1 redirect=a.example redirect=b.example", "192.0.2.7", SpfResult.PermError, "example.com: 'redirect=b.example' stands twice")]
    [TestCase("v=spf1 exp=%{x} -all", "192.0.2.7", SpfResult.PermError, "example.com: 'exp=%{x}' names no domain")]
    public async Task The_verdict_names_the_term_that_decided(string record, string address, SpfResult result, string reason)
    {
        _dns.Txt("example.com", record);

        var verdict = await RunAsync(address);

        Assert.That((verdict.Result, verdict.Reason), Is.EqualTo((result, reason)));
    }

    [Test]
    public async Task A_circle_of_includes_ends_at_the_eleventh_look_up()
    {
        _dns.Txt("example.com", "v=spf1 include:b.example.com -all").Txt("b.example.com", "v=spf1 include:example.com -all");

        var verdict = await RunAsync("192.0.2.7");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((verdict.Result, verdict.Lookups), Is.EqualTo((SpfResult.PermError, 11)));
            Assert.That(_dns.Asked, Has.Count.EqualTo(11));
        }
    }

    [Test]
    public async Task A_tree_that_branches_everywhere_asks_no_more_than_its_limits_allow()
    {
        var branches = string.Join(' ', Enumerable.Range(0, 200).Select(at => $"?include:n{at}.example.com"));
        _dns.Txt("example.com", $"v=spf1 {branches} -all");
        for (var at = 0; at < 200; at++)
        {
            _dns.Txt($"n{at}.example.com", "v=spf1 ?all");
        }

        Assert.That((await RunAsync("192.0.2.7")).Result, Is.EqualTo(SpfResult.PermError));
        Assert.That(_dns.Asked, Has.Count.EqualTo(11));
    }

    [Test]
    public async Task Exchangers_and_names_are_asked_for_ten_at_most_behind_each_term()
    {
        _dns.Txt("example.com", "v=spf1 mx -all").Mx("example.com", [.. Enumerable.Range(0, 11).Select(at => $"mx{at}.example.com")]);
        var exchangers = await RunAsync("192.0.2.7");
        _dns.Drop("example.com").Txt("example.com", "v=spf1 ptr -all").Ptr("192.0.2.7", [.. Enumerable.Range(0, 50).Select(at => $"n{at}.example.net")]);
        _dns.Asked.Clear();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exchangers.Result, exchangers.Reason), Is.EqualTo((SpfResult.PermError, "example.com has more than 10 exchangers")));
            Assert.That((await RunAsync("192.0.2.7")).Result, Is.EqualTo(SpfResult.Fail));
            Assert.That(_dns.Asked, Has.Count.EqualTo(12));
        }
    }

    [Test]
    public async Task A_macro_that_would_grow_without_end_and_a_record_of_megabytes_are_errors()
    {
        var long_ = string.Concat(Enumerable.Repeat("%{s}", 2_000));
        _dns.Txt("example.com", $"v=spf1 exists:{long_}.example.com -all").Txt("big.example.com", "v=spf1 " + new string('a', 1 << 20));
        var grown = await RunAsync("192.0.2.7", $"{new string('x', 60)}@example.com");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(grown.Result, Is.EqualTo(SpfResult.PermError));
            Assert.That(grown.Reason, Does.EndWith("grows beyond all bounds"));
            Assert.That((await RunAsync("192.0.2.7", "a@big.example.com")).Reason, Is.EqualTo("big.example.com: the record is longer than 8192 characters"));
        }
    }

    [Test]
    public async Task A_name_too_long_loses_labels_on_the_left()
    {
        var local = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        _dns.Txt("example.com", "v=spf1 exists:%{l}.%{d} -all").Address($"{string.Join('.', Enumerable.Repeat(new string('a', 60), 3))}.example.com", "127.0.0.2");

        Assert.That((await RunAsync("192.0.2.7", $"{local}@example.com")).Result, Is.EqualTo(SpfResult.Pass));
    }

    [Test]
    public async Task Cost_tells_what_every_include_takes_and_ends_in_circles()
    {
        _dns.Txt("example.com", "v=spf1 a mx include:_spf.host.example include:%{l}.example redirect=never.example -all")
            .Txt("_spf.host.example", "v=spf1 include:a.host.example include:example.com ip4:192.0.2.1 ~all")
            .Txt("a.host.example", "v=spf1 a:mail.host.example exists:%{i}.host.example redirect=b.host.example")
            .Txt("b.host.example", "v=spf1 ip4:192.0.2.1 -all");

        var cost = await new SpfCostWalk(_dns).RunAsync("example.com", CancellationToken.None);

        Assert.That(Text(cost!), Is.EqualTo("9:record[1:a[] 1:mx[] 6:include:_spf.host.example[4:include:a.host.example[1:a:mail.host.example[] 1:exists:%{i}.host.example[] 1:redirect=b.host.example[]] 1:include:example.com(it leads back to itself)[]] 1:include:%{l}.example(its name depends on the mail)[]]"));
    }

    [Test]
    public async Task Cost_of_a_zone_that_branches_without_end_is_bounded()
    {
        for (var at = 0; at < 200; at++)
        {
            _dns.Txt($"n{at}.example.com", "v=spf1 " + string.Join(' ', Enumerable.Range(0, 20).Select(next => $"include:n{((at * 20) + next) % 200}.example.com")) + " -all");
        }

        Assert.That(await new SpfCostWalk(_dns).RunAsync("n1.example.com", CancellationToken.None), Is.Not.Null);
        Assert.That(_dns.Asked, Has.Count.LessThanOrEqualTo(60));
    }

    [TestCase(null, "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all")]
    [TestCase("v=spf1 include:x.example -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:x.example -all")]
    [TestCase("v=spf1 IP4:192.0.2.1 -all", "v=spf1 ip6:2001:db8::1 IP4:192.0.2.1 -all")]
    [TestCase("v=spf1 nonsense -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all")]
    public void The_record_advised_keeps_what_is_there_and_puts_the_addresses_first(string? current, string advised) =>
        Assert.That(SpfAdvice.RecordFor(current, [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.1")]), Is.EqualTo(advised));

    private static string Text(SpfCost cost) =>
        $"{cost.Total}:{cost.Term}{(cost.Note is null ? string.Empty : $"({cost.Note})")}[{string.Join(' ', cost.Parts.Select(Text))}]";

    private ValueTask<SpfVerdict> RunAsync(string address, string sender = "a@example.com") =>
        new SpfEvaluation(_dns, new SpfQuery(IPAddress.Parse(address), sender, "mta.example.com"), DateTimeOffset.UnixEpoch).RunAsync(CancellationToken.None);
}
