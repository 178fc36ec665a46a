using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Routing;

internal sealed class RouterTests
{
    private readonly Names _names = new();

    [Test]
    public async Task Domains_with_the_same_exchangers_share_a_destination()
    {
        _names.Add("one.example", (10, "mx1.host.example"), (20, "mx2.host.example"));
        _names.Add("two.example", (10, "mx1.host.example"), (20, "mx2.host.example"));
        _names.Add("three.example", (10, "mx1.host.example"));
        var router = Make();

        var one = await Route(router, "one.example");
        Assert.That((await Route(router, "two.example")).Destination, Is.SameAs(one.Destination));
        Assert.That((await Route(router, "three.example")).Destination!.Id, Is.Not.EqualTo(one.Destination!.Id));
    }

    [TestCase(LookupStatus.NoSuchDomain, RouteVerdict.Unroutable, "5.1.2")]
    [TestCase(LookupStatus.NullMx, RouteVerdict.Unroutable, "5.1.10")]
    [TestCase(LookupStatus.NoData, RouteVerdict.Unroutable, "5.1.2")]
    [TestCase(LookupStatus.Failed, RouteVerdict.TryLater, "4.4.3")]
    public async Task What_the_resolver_says_decides(object status, object verdict, string enhanced)
    {
        _names.Add("x.example", (LookupStatus)status);
        var decision = await Route(Make(), "x.example");

        Assert.That((decision.Verdict, decision.Enhanced.ToString()), Is.EqualTo(((RouteVerdict)verdict, enhanced)));
    }

    [Test]
    public async Task Among_exchangers_with_ourselves_only_better_ones_are_left()
    {
        _names.Add("x.example", (10, "best.example"), (20, "mta.example"), (30, "worse.example"));
        var decision = await Route(Make(), "x.example");

        Assert.That(decision.Destination!.Hosts.Select(host => host.Host), Is.EqualTo(new[] { "best.example" }));
    }

    [Test]
    public async Task Mail_for_which_we_are_best_ourselves_would_loop()
    {
        _names.Add("x.example", (10, "mta.example"));

        Assert.That((await Route(Make(), "x.example")).Enhanced.ToString(), Is.EqualTo("5.4.6"));
    }

    [Test]
    public async Task A_route_wins_and_the_star_takes_the_rest()
    {
        var routes = new Dictionary<string, RouteOptions>
        {
            ["lab.example"] = new() { Hosts = ["10.0.0.9:2525"] },
            ["held.example"] = new() { Action = RouteAction.Hold },
            ["*"] = new() { Hosts = ["smart.example"] },
        };
        var router = Make(routes);

        var lab = (await Route(router, "lab.example")).Destination!.Hosts.Single();
        Assert.That((lab.Literal?.ToString(), lab.Port), Is.EqualTo(("10.0.0.9", 2525)));
        Assert.That((await Route(router, "held.example")).Verdict, Is.EqualTo(RouteVerdict.Hold));
        Assert.That((await Route(router, "any.example")).Destination!.Hosts.Single().Host, Is.EqualTo("smart.example"));
    }

    private static async Task<RouteDecision> Route(Router router, string domain) => await router.RouteAsync(DomainName.Parse(domain), CancellationToken.None);

    private Router Make(Dictionary<string, RouteOptions>? routes = null) =>
        new(_names, new ManualClock(), new Random(1), new Snapshot(new EngineOptions { Hostname = "mta.example", Routes = routes ?? [] }));

    private sealed class Names : IMailDns
    {
        private readonly Dictionary<DomainName, MxAnswer> _answers = [];

        public void Add(string domain, params (int Preference, string Host)[] hosts) =>
            _answers[DomainName.Parse(domain)] = new MxAnswer(LookupStatus.Found, [.. hosts.Select(host => new MailExchanger((ushort)host.Preference, DomainName.Parse(host.Host)))], IsImplicit: false, IsAuthentic: false, DateTimeOffset.MaxValue);

        public void Add(string domain, LookupStatus status) =>
            _answers[DomainName.Parse(domain)] = new MxAnswer(status, [], IsImplicit: false, IsAuthentic: false, DateTimeOffset.MaxValue);

        public ValueTask<MxAnswer> FindExchangersAsync(DomainName domain, CancellationToken stop) => new(_answers[domain]);

        public ValueTask<AddressAnswer> FindAddressesAsync(DomainName host, CancellationToken stop) =>
            new(new AddressAnswer(LookupStatus.NoData, [], IsAuthentic: false, DateTimeOffset.MaxValue));
    }
}
