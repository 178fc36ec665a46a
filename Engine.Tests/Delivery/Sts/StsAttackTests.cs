using Engine.Delivery.Sts;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Delivery.Sts;

/// <summary>Strangers who want other domains to lose their policies, or us to lose our time or memory.</summary>
internal sealed class StsAttackTests : IAsyncDisposable
{
    private readonly StsWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Test]
    public async Task A_policy_that_changes_every_second_is_fetched_every_five_minutes()
    {
        var told = new List<int>();
        _world.Desk.Replaced = old => told.Add(old.Count);
        for (var second = 0; second < 1_800; second++)
        {
            _world.Show("evil.example", $"id{second}", life: TimeSpan.FromSeconds(1));
            _world.Serve("evil.example", second % 2 == 0 ? StsMode.Enforce : StsMode.Testing, null, $"mx{second}.evil.example");
            await _world.FindAsync("evil.example");
            await _world.LandedAsync();
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            _world.Desk.TellReplaced();
        }

        Assert.That(_world.Fetches, Is.EqualTo(6));
        Assert.That(told, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Replaced_policies_are_told_together()
    {
        IReadOnlyList<StsEntry> told = [];
        _world.Desk.Replaced = old => told = old;
        for (var id = 1; id <= 2; id++)
        {
            for (var number = 0; number < 50; number++)
            {
                _world.Show($"d{number}.example", $"{id}");
                _world.Serve($"d{number}.example", id == 1 ? StsMode.Enforce : StsMode.Testing);
                await _world.FindAsync($"d{number}.example");
                await _world.LandedAsync();
            }

            _world.Clock.Advance(TimeSpan.FromHours(2));
        }

        _world.Desk.TellReplaced();
        Assert.That(told.Select(static entry => entry.Id), Is.EqualTo(Enumerable.Repeat("1", 50)));
        told = [];
        _world.Desk.TellReplaced();
        Assert.That(told, Is.Empty);
    }

    [Test]
    public async Task A_policy_that_was_dropped_is_fetched_again_when_mail_comes()
    {
        await using var world = new StsWorld(policies: new StsPolicies(2, 1_000_000));
        foreach (var domain in new[] { "a.example", "b.example", "c.example" })
        {
            world.Show(domain, "1");
            world.Serve(domain, StsMode.Enforce);
            await world.FindAsync(domain);
        }

        Assert.That(world.Desk.Look(DomainName.Parse("a.example")), Is.Null);
        Assert.That((await world.FindAsync("a.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That((world.Questions, world.Fetches), Is.EqualTo((4, 4)));
    }

    [Test]
    public async Task A_policy_that_finds_no_room_is_not_fetched_with_every_message()
    {
        await using var world = new StsWorld(policies: new StsPolicies(1, 1_000_000));
        world.Show("good.example", "1");
        world.Serve("good.example", StsMode.Enforce);
        await world.FindAsync("good.example");
        world.Show("evil.example", "1");
        world.Serve("evil.example", StsMode.Testing);
        for (var message = 0; message < 299; message++)
        {
            Assert.That(await world.FindAsync("evil.example"), Is.SameAs(TlsRequirement.None).Or.Property("Sts").EqualTo(StsMode.Testing));
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(world.Fetches, Is.EqualTo(2));
        Assert.That((await world.FindAsync("good.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(world.Fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task Mail_to_a_known_domain_keeps_its_policy_among_many_others()
    {
        await using var world = new StsWorld(policies: new StsPolicies(10, 1_000_000));
        for (var number = 0; number < 100; number++)
        {
            world.Show($"d{number}.example", "1");
            world.Serve($"d{number}.example", StsMode.Enforce);
            await world.FindAsync($"d{number}.example");
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.That((await world.FindAsync("d0.example")).Sts, Is.EqualTo(StsMode.Enforce));
        }

        Assert.That((world.Questions, world.Fetches), Is.EqualTo((100, 100)), "d0 was known all the time");
    }

    [Test]
    public async Task Hosts_of_one_zone_that_hang_keep_no_other_domain_waiting()
    {
        _world.Hangs = static domain => domain.Name.EndsWith(".evil.example", StringComparison.Ordinal);
        var hanging = new List<Task>();
        for (var number = 0; number < 2_000; number++)
        {
            _world.Show($"d{number}.evil.example", "1");
            hanging.Add(_world.FindAsync($"d{number}.evil.example").AsTask());
        }

        Assert.That((_world.AtOnce, _world.Desk.Flights), Is.EqualTo((4, 504)));
        _world.Show("good.example", "1");
        _world.Serve("good.example", StsMode.Enforce);
        Assert.That((await _world.FindAsync("good.example")).Sts, Is.EqualTo(StsMode.Enforce));
        Assert.That(hanging.Count(static one => !one.IsCompleted), Is.EqualTo(504));
    }

    [Test]
    public async Task Enforced_policies_are_refreshed_though_all_places_of_new_domains_hang()
    {
        _world.Show("good.example", "1");
        _world.Serve("good.example", StsMode.Enforce);
        await _world.FindAsync("good.example");
        _world.Clock.Advance(TimeSpan.FromDays(3));
        _world.Show("good.example", "1");
        _world.Hangs = static domain => domain.Name.Contains("evil", StringComparison.Ordinal);
        for (var number = 0; number < 11_000; number++)
        {
            _world.Show($"d.evil{number}.example", "1");
            _ = _world.FindAsync($"d.evil{number}.example").AsTask();
        }

        Assert.That((_world.AtOnce, _world.Desk.Flights), Is.EqualTo((32, 10_032)));
        var old = _world.Desk.Look(DomainName.Parse("good.example"))!;
        await _world.Desk.RefreshAsync(old);
        Assert.That(_world.Desk.Look(DomainName.Parse("good.example"))!.Fetched - old.Fetched, Is.EqualTo(TimeSpan.FromDays(3)));
    }
}
