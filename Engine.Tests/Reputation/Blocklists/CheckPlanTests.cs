using Engine.Reputation.Blocklists;
using static Engine.Tests.Reputation.Blocklists.SampleLists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class CheckPlanTests
{
    private static readonly TimeSpan Major = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Minor = TimeSpan.FromMinutes(30);

    [Test]
    public void Three_hundred_sources_on_twenty_lists_are_133_questions_a_second_in_every_second()
    {
        var plan = new CheckPlan(Major, Minor);
        Blocklist[] lists = [.. Enumerable.Range(0, 20).Select(number => Make($"l{number}.example"))];
        for (var number = 0; number < 300; number++)
        {
            plan.Add(new ListSubject($"s{number}", $"192.0.{number / 250}.{number % 250}"), lists, Start);
        }

        var perSecond = new int[180];
        for (var second = 0; second < perSecond.Length; second++)
        {
            var now = Start.AddSeconds(second + 1);
            while (plan.TakeDue(now) is { } check)
            {
                perSecond[second]++;
                plan.Done(check, now);
            }
        }

        Assert.That(plan.Rate, Is.EqualTo(133.3).Within(0.1));
        Assert.That(perSecond.Sum(), Is.EqualTo(4 * 6_000));
        Assert.That(perSecond, Has.All.InRange(125, 142));
    }

    [Test]
    public void A_check_comes_every_interval_in_its_place_however_late_it_was()
    {
        var plan = new CheckPlan(Major, Minor);
        plan.Add(Source(1), [Make("a.example"), Make("b.example", ListWeight.Minor), Make("c.example", kind: ListKind.Domain), Make("d.example", kind: ListKind.Ip6)], Start);
        Assert.That(plan.Count, Is.EqualTo(2), "only lists of its own kind");

        var first = plan.NextAt()!.Value;
        var check = plan.TakeDue(first)!;
        plan.Done(check, first.AddSeconds(20));

        Assert.That(first - Start, Is.LessThanOrEqualTo(Major));
        Assert.That(plan.NextAt(), Is.EqualTo(first + Major));
    }

    [Test]
    public void Sooner_than_its_turn_is_once_and_later_than_its_turn_never()
    {
        var plan = new CheckPlan(Major, Minor);
        plan.Add(Source(1), [Make("a.example")], Start);
        var first = plan.NextAt()!.Value;
        plan.Done(plan.TakeDue(first)!, first, TimeSpan.FromSeconds(5));
        Assert.That(plan.NextAt(), Is.EqualTo(first.AddSeconds(5)));
        plan.Done(plan.TakeDue(first.AddSeconds(5))!, first.AddSeconds(5), TimeSpan.FromHours(5));
        Assert.That(plan.NextAt(), Is.EqualTo(first + Major));
    }

    [Test]
    public void What_is_hurried_comes_now_and_not_twice()
    {
        var plan = new CheckPlan(Major, Minor);
        plan.Add(Source(1), [Make("a.example"), Make("b.example", ListWeight.Minor)], Start);
        plan.Hurry(Source(1), "b.example", Start);
        plan.Hurry(Source(1), "b.example", Start);

        var check = plan.TakeDue(Start);
        Assert.That(check?.List.Zone, Is.EqualTo("b.example"));
        Assert.That(plan.TakeDue(Start), Is.Null);
        plan.Done(check!, Start);

        // A storm of replies that name the list: not again within five seconds of an answer.
        plan.Hurry(Source(1), "b.example", Start.AddSeconds(4));
        Assert.That(plan.TakeDue(Start.AddMilliseconds(1)), Is.Null);
        plan.Hurry(Source(1), null, Start.AddSeconds(5));
        Assert.That(new[] { plan.TakeDue(Start.AddSeconds(5)), plan.TakeDue(Start.AddSeconds(5)), plan.TakeDue(Start.AddSeconds(5)) }.Count(one => one is not null), Is.EqualTo(2));
    }

    [Test]
    public void Who_is_removed_is_not_asked_about_any_more()
    {
        var plan = new CheckPlan(Major, Minor);
        plan.Add(Source(1), [Make("a.example")], Start);
        plan.Add(Source(2), [Make("a.example")], Start);
        var check = plan.TakeDue(Start + Major)!;
        plan.Remove(Source(1));
        plan.Remove(Source(2));
        plan.Done(check, Start + Major);

        Assert.That(plan.NextAt(), Is.Null);
        Assert.That(plan.Count, Is.Zero);
    }

    [Test]
    public void A_turn_of_a_check_allocates_nothing()
    {
        var plan = new CheckPlan(Major, Minor);
        plan.Add(Source(1), [Make("a.example"), Make("b.example")], Start);
        Turn(plan, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Turn(plan, 1_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        static void Turn(CheckPlan plan, int times)
        {
            for (var turn = 0; turn < times; turn++)
            {
                var now = plan.NextAt()!.Value;
                plan.Done(plan.TakeDue(now)!, now);
            }
        }
    }
}
