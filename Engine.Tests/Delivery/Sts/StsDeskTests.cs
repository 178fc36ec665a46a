using Engine.Configuration;
using Engine.Delivery.Sts;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Delivery.Sts;

/// <summary>RFC 8461 §3.3, §5.1, §10.2: what is asked, when, and what holds meanwhile.</summary>
internal sealed class StsDeskTests : IAsyncDisposable
{
    private readonly StsWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Test]
    public async Task A_domain_with_a_policy_is_asked_for_once_and_known_then()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce, null, "*.a.example", "mx.b.example");
        var first = await _world.FindAsync("a.example");
        var again = _world.FindAsync("a.example");

        Assert.That((first.Sts, first.IsMxAuthentic), Is.EqualTo((StsMode.Enforce, false)));
        Assert.That(first.MxPatterns, Is.EqualTo(new[] { "*.a.example", "mx.b.example" }));
        Assert.That(again.IsCompletedSuccessfully && ReferenceEquals(again.Result, first), Is.True);
        Assert.That((_world.Questions, _world.Fetches), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_domain_without_a_record_is_asked_for_once_and_nothing_is_fetched()
    {
        Assert.That(await _world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
        Assert.That(await _world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
        Assert.That((_world.Questions, _world.Fetches), Is.EqualTo((1, 0)));

        _world.Clock.Advance(TimeSpan.FromMinutes(16));
        await _world.FindAsync("a.example");
        Assert.That(_world.Questions, Is.EqualTo(2), "the answer's life is over");
    }

    [Test]
    public async Task A_known_domain_costs_no_memory()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        await _world.FindAsync("none.example");
        var (known, none, answer) = (DomainName.Parse("a.example"), DomainName.Parse("none.example"), new MxAnswer(LookupStatus.Found, [], IsImplicit: false, IsAuthentic: true, DateTimeOffset.MaxValue));
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(after - before, Is.Zero);

        void Ask()
        {
            for (var round = 0; round < 1_000; round++)
            {
                Take(_world.Desk.FindAsync(known, answer, CancellationToken.None));
                Take(_world.Desk.FindAsync(none, answer, CancellationToken.None));
            }
        }

        static void Take(ValueTask<TlsRequirement> asked) => _ = asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("not known");
    }

    [Test]
    public async Task Mail_waits_a_few_seconds_for_a_slow_server_and_the_fetch_goes_on()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        _world.Close();
        var asked = _world.FindAsync("a.example").AsTask();
        _world.Clock.Advance(StsDesk.Patience - TimeSpan.FromMilliseconds(1));
        Assert.That(asked.IsCompleted, Is.False);
        _world.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await asked, Is.SameAs(TlsRequirement.None));
        _world.Open();
        await _world.LandedAsync();
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(_world.Fetches, Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_gives_up_waiting_does_not_end_it_for_others()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        _world.Close();
        using var stop = new CancellationTokenSource();
        var (first, second) = (_world.FindAsync("a.example", stop: stop.Token).AsTask(), _world.FindAsync("a.example").AsTask());
        await stop.CancelAsync();

        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        _world.Open();
        Assert.That((await second).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That((_world.Questions, _world.Fetches), Is.EqualTo((1, 1)), "one for both");
    }

    [TestCase(TlsFailure.StsPolicyFetch)]
    [TestCase(TlsFailure.StsPolicyInvalid)]
    [TestCase(TlsFailure.StsWebPkiInvalid)]
    public async Task A_first_fetch_that_fails_means_no_policy_and_is_not_tried_again_for_five_minutes(object failure)
    {
        _world.Show("a.example", "1");
        _world.Break("a.example", (TlsFailure)failure);

        Assert.That(await _world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
        _world.Clock.Advance(TimeSpan.FromSeconds(299));
        Assert.That(await _world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
        Assert.That(_world.Fetches, Is.EqualTo(1));

        _world.Serve("a.example", StsMode.Enforce);
        _world.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        var told = _world.Results.Single();
        Assert.That((told.Domain.Name, told.Policy, told.Failure, told.Reason), Is.EqualTo(("a.example", TlsPolicyKind.Sts, (TlsFailure)failure, "broken")));
    }

    [Test]
    public async Task A_new_id_is_fetched_in_the_background_and_takes_effect_at_once()
    {
        StsEntry? replaced = null;
        _world.Desk.Replaced = old => replaced = old.Single();
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        var old = await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromMinutes(61));
        _world.Show("a.example", "2");
        _world.Serve("a.example", StsMode.Testing);
        _world.Close();

        var meanwhile = _world.FindAsync("a.example").AsTask();
        Assert.That(meanwhile.IsCompletedSuccessfully, Is.True, "nobody waits while the old one holds");
        Assert.That(await meanwhile, Is.SameAs(old));
        _world.Open();
        await _world.LandedAsync();
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Testing));
        Assert.That(replaced, Is.Null, "told at the next beat");
        _world.Desk.TellReplaced();
        Assert.That(replaced?.Policy.Mode, Is.EqualTo(StsMode.Enforce));
    }

    [Test]
    public async Task The_same_id_is_not_fetched_again()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        _world.Show("a.example", "1");
        await _world.FindAsync("a.example");
        await _world.LandedAsync();

        Assert.That((_world.Questions, _world.Fetches), Is.EqualTo((2, 1)));
    }

    [TestCase(LookupStatus.NoData)]
    [TestCase(LookupStatus.NoSuchDomain)]
    [TestCase(LookupStatus.Failed)]
    public async Task A_policy_holds_to_its_end_when_its_record_is_gone(object status)
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce, TimeSpan.FromDays(2));
        await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromDays(1.9));
        _world.Show("a.example", null, (LookupStatus)status);

        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        await _world.LandedAsync();
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        _world.Clock.Advance(TimeSpan.FromDays(0.2));
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.None));
        Assert.That(_world.Fetches, Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_id_whose_policy_cannot_be_had_leaves_the_old_one_in_force()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        _world.Show("a.example", "2");
        _world.Break("a.example");
        await _world.FindAsync("a.example");
        await _world.LandedAsync();

        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(_world.Results.Single().PolicyLines, Does.Contain("mode: enforce"));
        Assert.That(_world.Fetches, Is.EqualTo(2));
        _world.Clock.Advance(TimeSpan.FromMinutes(4));
        await _world.FindAsync("a.example");
        await _world.LandedAsync();
        Assert.That(_world.Fetches, Is.EqualTo(2), "five minutes between tries");
    }

    [Test]
    public async Task Mode_none_ends_a_policy()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromHours(2));
        _world.Show("a.example", "2");
        _world.Serve("a.example", StsMode.None);
        await _world.FindAsync("a.example");
        await _world.LandedAsync();

        Assert.That(await _world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
    }

    [Test]
    public async Task A_refresh_keeps_a_policy_alive_and_one_that_fails_keeps_what_holds()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce, TimeSpan.FromDays(4));
        await _world.FindAsync("a.example");
        var fetched = _world.Desk.Look(DomainName.Parse("a.example"))!;
        Assert.That(fetched.RefreshAt - fetched.Fetched, Is.InRange(TimeSpan.FromHours(18), TimeSpan.FromHours(30)), "about daily");
        Assert.That(_world.Policies.TakeDue(fetched.RefreshAt.AddSeconds(-1), 10), Is.Empty);
        Assert.That(_world.Policies.TakeDue(fetched.RefreshAt, 10), Is.EqualTo(new[] { fetched }));

        _world.Clock.Advance(TimeSpan.FromDays(2));
        _world.Show("a.example", "1");
        await _world.Desk.RefreshAsync(fetched);
        var renewed = _world.Desk.Look(DomainName.Parse("a.example"))!;
        Assert.That(renewed.Ends - fetched.Ends, Is.EqualTo(TimeSpan.FromDays(2)));

        _world.Break("a.example");
        _world.Clock.Advance(TimeSpan.FromDays(2));
        await _world.Desk.RefreshAsync(renewed);
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(_world.Alerts, Is.Empty, "half of its time is left");
        Assert.That(_world.Policies.TakeDue(_world.Clock.GetUtcNow().AddMinutes(59), 10), Is.Empty, "not again within the hour");

        _world.Clock.Advance(TimeSpan.FromDays(1.5));
        await _world.Desk.RefreshAsync(renewed);
        await _world.Desk.RefreshAsync(_world.Desk.Look(DomainName.Parse("a.example"))!);
        var alert = _world.Alerts.Single();
        Assert.That((alert.Kind, alert.Rule, alert.Domain), Is.EqualTo((EventKind.Alert, "tls/sts", "a.example")));
    }

    [Test]
    public async Task A_domain_that_shows_no_record_any_more_is_not_refreshed()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        _world.Show("a.example", null);
        await _world.Desk.RefreshAsync(_world.Desk.Look(DomainName.Parse("a.example"))!);

        Assert.That(_world.Fetches, Is.EqualTo(1));
    }

    [Test]
    public async Task A_policy_of_seconds_holds_five_minutes()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce, TimeSpan.FromSeconds(1));
        await _world.FindAsync("a.example");
        _world.Clock.Advance(TimeSpan.FromMinutes(4));
        await _world.FindAsync("a.example");

        Assert.That(_world.Fetches, Is.EqualTo(1));
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(_world.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task Validated_exchangers_are_part_of_what_is_asked_where_DANE_is_on()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        var (plain, signed) = (await _world.FindAsync("a.example"), await _world.FindAsync("a.example", isAuthentic: true));

        Assert.That((plain.IsMxAuthentic, signed.IsMxAuthentic, signed.Sts), Is.EqualTo((false, true, StsMode.Enforce)));
        Assert.That(plain.Key, Is.Not.EqualTo(signed.Key));
        Assert.That((await _world.FindAsync("none.example", isAuthentic: true)) is { IsMxAuthentic: true, Sts: StsMode.None }, Is.True);

        await using var without = new StsWorld(new DeliveryTlsOptions { Dane = false });
        Assert.That(await without.FindAsync("none.example", isAuthentic: true), Is.SameAs(TlsRequirement.None));
    }

    [Test]
    public async Task Turned_off_nobody_is_asked()
    {
        await using var world = new StsWorld(new DeliveryTlsOptions { MtaSts = false });
        world.Show("a.example", "1");
        world.Serve("a.example", StsMode.Enforce);

        Assert.That(await world.FindAsync("a.example"), Is.SameAs(TlsRequirement.None));
        Assert.That((await world.FindAsync("a.example", isAuthentic: true)).IsMxAuthentic, Is.True);
        Assert.That(world.Questions, Is.Zero);
    }

    [Test]
    public async Task Fetches_are_bounded_and_none_is_lost()
    {
        _world.Close();
        var asked = new List<Task<TlsRequirement>>();
        for (var number = 0; number < 200; number++)
        {
            _world.Show($"d{number}.example", "1");
            _world.Serve($"d{number}.example", StsMode.Enforce);
            asked.Add(_world.FindAsync($"d{number}.example").AsTask());
        }

        Assert.That(_world.AtOnce, Is.EqualTo(32));
        _world.Open();
        Assert.That((await Task.WhenAll(asked)).Select(static one => one.Sts), Is.All.EqualTo(StsMode.Enforce));
        Assert.That(_world.Fetches, Is.EqualTo(200));
    }

    [Test]
    public async Task Other_resolvers_are_asked_anew_and_policies_stay()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        _world.Desk.Forget();

        Assert.That((await _world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        await _world.LandedAsync();
        Assert.That((_world.Questions, _world.Fetches), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task After_a_restart_policies_hold_without_a_web_server()
    {
        _world.Show("a.example", "1");
        _world.Serve("a.example", StsMode.Enforce);
        await _world.FindAsync("a.example");
        await using var next = new StsWorld();
        next.Desk.Restore(_world.Policies.All());
        next.CloseDns();

        var known = next.FindAsync("a.example").AsTask();
        Assert.That(known.IsCompletedSuccessfully, Is.True, "at once, though nobody answers");
        Assert.That((await known).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(next.Desk.Look(DomainName.Parse("a.example"))!.RefreshAt, Is.GreaterThan(next.Clock.GetUtcNow()));
        next.OpenDns();
        await next.LandedAsync();
    }

    [Test]
    public async Task Many_domains_keep_bounded_memory()
    {
        await using var world = new StsWorld(policies: new StsPolicies(100, 1_000_000));
        for (var number = 0; number < 5_000; number++)
        {
            world.Show($"d{number}.example", "1");
            world.Serve($"d{number}.example", StsMode.Enforce);
            await world.FindAsync($"d{number}.example");
        }

        Assert.That((world.Policies.Count, world.Policies.CountOf(StsMode.Enforce), world.Desk.Flights), Is.EqualTo((100, 100, 0)));
        Assert.That((await world.FindAsync("d4999.example")).Sts, Is.EqualTo(StsMode.Enforce));
    }
}
