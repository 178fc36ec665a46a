using Engine.Delivery.Sts;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Delivery.Sts;

internal sealed class StsPoliciesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Who_was_not_asked_for_longest_goes_first()
    {
        var policies = new StsPolicies(2, 1_000_000);
        policies.Put(Entry("a.example"), Now);
        policies.Put(Entry("b.example"), Now);
        policies.Find(DomainName.Parse("a.example"), Now);
        policies.Put(Entry("c.example"), Now);

        Assert.That(policies.All().Select(static entry => entry.Domain.Name), Is.EqualTo(new[] { "a.example", "c.example" }));
    }

    [Test]
    public void Letters_are_bounded_too_and_freed_with_what_goes()
    {
        var policies = new StsPolicies(1_000, 100);
        for (var number = 10; number < 60; number++)
        {
            policies.Put(Entry($"d{number}.example", $"mx{number}.example.org"), Now);
        }

        // 11 + 16 letters each.
        Assert.That(policies.Count, Is.EqualTo(3));
        policies.Put(Entry("d59.example", "a.example"), Now);
        Assert.That((policies.Count, policies.CountOf(StsMode.Enforce)), Is.EqualTo((3, 3)), "one in place of another");
    }

    [Test]
    public void What_has_ended_is_dropped_when_asked_for_and_when_due_is_looked_for()
    {
        var policies = new StsPolicies(10, 1_000_000);
        policies.Put(Entry("a.example"), Now);
        policies.Put(Entry("b.example"), Now);

        Assert.That(policies.Find(DomainName.Parse("a.example"), Now.AddDays(8)), Is.Null);
        Assert.That(policies.TakeDue(Now.AddDays(8), 10), Is.Empty);
        Assert.That(policies.Count, Is.Zero);
    }

    [Test]
    public void Policies_of_domains_without_mail_for_a_month_are_not_fetched_again()
    {
        var policies = new StsPolicies(10, 1_000_000);
        var entry = new StsEntry(DomainName.Parse("a.example"), "1", new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(300)) { Patterns = ["mx.example"] }, Now) { RefreshAt = Now.AddDays(1) };
        policies.Put(entry, Now);

        Assert.That(policies.TakeDue(Now.AddDays(29), 10), Has.Count.EqualTo(1));
        Assert.That(policies.TakeDue(Now.AddDays(31), 10), Is.Empty);
        policies.Find(entry.Domain, Now.AddDays(31));
        Assert.That(policies.TakeDue(Now.AddDays(31), 10), Has.Count.EqualTo(1), "there is mail again");
    }

    [Test]
    public void Those_that_end_first_are_fetched_first()
    {
        var policies = new StsPolicies(10, 1_000_000);
        policies.Put(Entry("late.example") with { RefreshAt = Now }, Now);
        policies.Put(Entry("soon.example") with { RefreshAt = Now, Fetched = Now.AddDays(-5) }, Now);

        Assert.That(policies.TakeDue(Now, 1).Single().Domain.Name, Is.EqualTo("soon.example"));
    }

    [Test]
    public void Large_ones_go_first_then_those_that_enforce_nothing_and_enforced_ones_last()
    {
        var policies = new StsPolicies(4, 1_000_000);
        policies.Put(Entry("enforced.example"), Now);
        policies.Put(Entry("testing.example", mode: StsMode.Testing), Now);
        policies.Put(Entry("none.example", mode: StsMode.None), Now);
        policies.Put(Entry("large.example", new string('a', 1_100)), Now);
        var gone = new List<string>();
        for (var number = 0; number < 4; number++)
        {
            var before = policies.All();
            policies.Put(Entry($"new{number}.example"), Now);
            gone.Add(before.Except(policies.All()).Single().Domain.Name);
        }

        Assert.That(gone, Is.EqualTo(new[] { "large.example", "testing.example", "none.example", "enforced.example" }));
    }

    [Test]
    public void A_flood_of_policies_of_the_greatest_size_costs_no_other_its_place()
    {
        var policies = new StsPolicies(1_000, 100_000);
        for (var number = 0; number < 100; number++)
        {
            policies.Put(Entry($"d{number}.example"), Now);
        }

        for (var number = 0; number < 1_000; number++)
        {
            policies.Put(Entry($"flood{number}.example", new string('a', 4_096)), Now);
        }

        Assert.That(policies.All().Count(static entry => entry.Domain.Name.StartsWith('d')), Is.EqualTo(100));
        Assert.That(policies.Count, Is.InRange(110, 130));
    }

    [Test]
    public void What_is_worth_less_than_all_others_finds_no_room_and_is_gone_from_who_points_to_it()
    {
        var policies = new StsPolicies(1, 1_000_000);
        policies.Put(Entry("testing.example", mode: StsMode.Testing), Now);
        var holding = policies.HoldingOf(DomainName.Parse("testing.example"))!;
        policies.Put(Entry("enforced.example"), Now);
        Assert.That(holding.Entry, Is.Null);

        policies.Put(Entry("testing.example", mode: StsMode.Testing), Now);
        Assert.That(policies.All().Single().Domain.Name, Is.EqualTo("enforced.example"));
    }

    [Test]
    public void Marked_use_counts_when_room_is_needed_and_when_due_is_looked_for()
    {
        var policies = new StsPolicies(2, 1_000_000);
        policies.Put(Entry("a.example") with { RefreshAt = Now }, Now);
        policies.Put(Entry("b.example"), Now);
        policies.HoldingOf(DomainName.Parse("a.example"))!.MarkUsed();
        policies.Put(Entry("c.example"), Now.AddMinutes(1));
        Assert.That(policies.All().Select(static entry => entry.Domain.Name), Is.EquivalentTo(new[] { "a.example", "c.example" }));

        policies.HoldingOf(DomainName.Parse("a.example"))!.MarkUsed();
        Assert.That(policies.TakeDue(Now.AddDays(6), 10).Single().Domain.Name, Is.EqualTo("a.example"));
        policies.Put(Entry("d.example"), Now.AddDays(6));
        Assert.That(policies.All().Select(static entry => entry.Domain.Name), Is.EquivalentTo(new[] { "a.example", "d.example" }));
    }

    [Test]
    public void Enforced_ones_are_fetched_first_and_few_of_one_parent_in_a_turn()
    {
        var policies = new StsPolicies(1_000, 1_000_000);
        for (var number = 0; number < 200; number++)
        {
            policies.Put(Entry($"d{number}.flood.example", age: 1) with { RefreshAt = Now }, Now);
        }

        policies.Put(Entry("testing.example", mode: StsMode.Testing, age: 1) with { RefreshAt = Now }, Now);
        policies.Put(Entry("enforced.example") with { RefreshAt = Now }, Now);
        var due = policies.TakeDue(Now, 500).Select(static entry => entry.Domain.Name).ToArray();

        Assert.That(due, Has.Length.EqualTo(34));
        Assert.That(due[^2..], Is.EqualTo(new[] { "enforced.example", "testing.example" }));
    }

    private static StsEntry Entry(string domain, string pattern = "mx.example", StsMode mode = StsMode.Enforce, int age = 7) =>
        new(DomainName.Parse(domain), "1", new StsPolicy(mode, TimeSpan.FromDays(age)) { Patterns = [pattern] }, Now);
}
