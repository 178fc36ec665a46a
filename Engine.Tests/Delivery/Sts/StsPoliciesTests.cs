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

    private static StsEntry Entry(string domain, string pattern = "mx.example") =>
        new(DomainName.Parse(domain), "1", new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(7)) { Patterns = [pattern] }, Now);
}
