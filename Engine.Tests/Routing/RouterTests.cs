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

    [Test]
    public async Task Domains_with_the_same_exchangers_share_a_destination_only_where_they_ask_for_the_same()
    {
        foreach (var domain in new[] { "plain.example", "sts.example", "same.example", "signed.example" })
        {
            _names.Add(domain, (10, "mx.host.example"));
        }

        var asked = new Asked();
        asked.Of["sts.example"] = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["*.host.example"] };
        asked.Of["same.example"] = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["*.host.example"] };
        asked.Of["signed.example"] = new TlsRequirement { IsMxAuthentic = true };
        var router = Make(asked: asked);
        var (plain, sts) = ((await Route(router, "plain.example")).Destination!, (await Route(router, "sts.example")).Destination!);

        Assert.That((await Route(router, "same.example")).Destination, Is.SameAs(sts));
        Assert.That(new[] { plain.Id, sts.Id, (await Route(router, "signed.example")).Destination!.Id }, Is.Unique);
        Assert.That((plain.Tls, sts.Tls.Sts), Is.EqualTo((TlsRequirement.None, StsMode.Enforce)));
        Assert.That((sts.Set, sts.Operator, sts.Name), Is.EqualTo((plain.Set, plain.Operator, plain.Name)), "one receiver to limits and status");
        Assert.That(router.Destinations.Find(sts.Id), Is.SameAs(sts));
    }

    [Test]
    public async Task A_changed_requirement_is_in_the_next_decision_and_an_equal_one_changes_nothing()
    {
        _names.Add("x.example", (10, "mx.host.example"));
        var asked = new Asked();
        asked.Of["x.example"] = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["mx.host.example"] };
        var router = Make(asked: asked);
        var first = await Route(router, "x.example");
        asked.Of["x.example"] = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["mx.host.example"] };
        Assert.That(await Route(router, "x.example"), Is.SameAs(first));

        asked.Of["x.example"] = TlsRequirement.None;
        var second = await Route(router, "x.example");
        Assert.That((second.Destination!.Tls.Sts, second.Destination.Id != first.Destination!.Id), Is.EqualTo((StsMode.None, true)));
        Assert.That(router.Destinations.Find(first.Destination.Id)!.Tls.Sts, Is.EqualTo(StsMode.Enforce), "what waits there goes as it was asked for");
    }

    [Test]
    public async Task A_destination_that_was_dropped_is_decided_anew()
    {
        _names.Add("x.example", (10, "mx.host.example"));
        var clock = new ManualClock();
        var options = new EngineOptions { Hostname = "mta.example", Routes = new Dictionary<string, RouteOptions> { ["lab.example"] = new() { Hosts = ["mx.lab.example"] } } };
        var router = new Router(_names, clock, new Random(1), new Snapshot(options)) { Destinations = new DestinationTable(clock, 10_000) };
        var (found, routed) = ((await Route(router, "x.example")).Destination!, (await Route(router, "lab.example")).Destination!);
        for (var number = 0; number < 1_000; number++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            router.Destinations.Intern("mx.example", null, isByHosts: false, [new ExchangerHost(10, $"mx{number}.example", null, 25)]);
        }

        Assert.That((router.Destinations.Find(found.Id), router.Destinations.Find(routed.Id)), Is.EqualTo(((Destination?)null, (Destination?)null)));
        Assert.That(router.Destinations.Find((await Route(router, "x.example")).Destination!.Id)!.Set, Is.EqualTo(found.Set));
        Assert.That(router.Destinations.Find((await Route(router, "lab.example")).Destination!.Id)!.Set, Is.EqualTo(routed.Set));
    }

    [Test]
    public async Task A_decision_that_is_known_costs_no_memory()
    {
        _names.Add("x.example", (10, "mx.host.example"));
        var asked = new Asked();
        asked.Of["x.example"] = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["mx.host.example"] };
        var router = Make(asked: asked);
        var domain = DomainName.Parse("x.example");
        await router.RouteAsync(domain, CancellationToken.None);
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(after - before, Is.Zero);

        void Ask()
        {
            for (var round = 0; round < 1_000; round++)
            {
                var asked = router.RouteAsync(domain, CancellationToken.None);
                _ = asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("not known");
            }
        }
    }

    [Test]
    public async Task Routes_and_domains_without_exchangers_are_not_asked_for()
    {
        _names.Add("gone.example", LookupStatus.NoSuchDomain);
        var asked = new Asked();
        var router = Make(new Dictionary<string, RouteOptions> { ["lab.example"] = new() { Hosts = ["mx.lab.example"] } }, asked);

        Assert.That((await Route(router, "lab.example")).Destination!.Tls, Is.SameAs(TlsRequirement.None));
        await Route(router, "gone.example");
        Assert.That(asked.Count, Is.Zero);
    }

    [Test]
    public async Task Mail_waits_for_what_is_asked_of_TLS()
    {
        _names.Add("x.example", (10, "mx.host.example"));
        var asked = new Asked { Gate = new TaskCompletionSource<TlsRequirement>() };
        var routed = Make(asked: asked).RouteAsync(DomainName.Parse("x.example"), CancellationToken.None);

        Assert.That(routed.IsCompleted, Is.False);
        asked.Gate.SetResult(new TlsRequirement { Sts = StsMode.Testing, MxPatterns = ["mx.host.example"] });
        Assert.That((await routed).Destination!.Tls.Sts, Is.EqualTo(StsMode.Testing));
    }

    [Test]
    public void A_requirement_copied_has_a_key_of_its_own()
    {
        Assert.That(TlsRequirement.None.Key, Is.Empty);
        Assert.That((TlsRequirement.None with { IsMxAuthentic = true }).Key, Is.Not.Empty);
        Assert.That(TlsRequirement.None with { Sts = StsMode.Testing }, Is.Not.EqualTo(TlsRequirement.None));
    }

    private static async Task<RouteDecision> Route(Router router, string domain) => await router.RouteAsync(DomainName.Parse(domain), CancellationToken.None);

    private Router Make(Dictionary<string, RouteOptions>? routes = null, ITlsRequirements? asked = null) =>
        new(_names, new ManualClock(), new Random(1), new Snapshot(new EngineOptions { Hostname = "mta.example", Routes = routes ?? [] })) { Requirements = asked };

    private sealed class Asked : ITlsRequirements
    {
        public Dictionary<string, TlsRequirement> Of { get; } = [];

        public TaskCompletionSource<TlsRequirement>? Gate { get; init; }

        public int Count { get; private set; }

        public ValueTask<TlsRequirement> FindAsync(DomainName domain, MxAnswer answer, CancellationToken stop)
        {
            Count++;
            return Gate is { } gate ? new ValueTask<TlsRequirement>(gate.Task) : new ValueTask<TlsRequirement>(Of.GetValueOrDefault(domain.Name, TlsRequirement.None));
        }
    }

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
