using Engine.Delivery.Sts;
using Engine.Mail;

namespace Engine.Tests.Delivery.Sts;

internal sealed class StsPlacesTests
{
    [TestCase("a.b.example.com", "example.com")]
    [TestCase("example.com", "example.com")]
    [TestCase("com", "com")]
    [TestCase("x.co.uk", "co.uk")]
    public void The_parent_is_the_last_two_labels(string domain, string parent) =>
        Assert.That(StsPlaces.ParentOf(DomainName.Parse(domain)), Is.EqualTo(parent));

    [Test]
    public void One_parent_has_few_places_and_leaves_the_others_to_others()
    {
        var places = new StsPlaces(4, 2, 100, 100);
        var evil = Enter(places, "evil", 10);
        var good = Enter(places, "good", 2);

        Assert.That(evil.Count(static one => one.IsCompleted), Is.EqualTo(2));
        Assert.That(good.Select(static one => one.IsCompletedSuccessfully), Is.All.True);
    }

    [Test]
    public async Task What_comes_free_goes_to_parents_in_turn()
    {
        var places = new StsPlaces(1, 1, 100, 100);
        var first = Enter(places, "evil", 10);
        var (good, other) = (Enter(places, "good", 2), Enter(places, "other", 1));
        await first[0];
        var order = new List<string>();
        for (var holder = "evil"; order.Count < 5;)
        {
            var before = Done();
            places.Leave(holder);
            Assert.That(SpinWait.SpinUntil(() => Done() != before, 5_000), Is.True);
            holder = Done() switch { var done when done.Good > before.Good => "good", var done when done.Other > before.Other => "other", _ => "evil" };
            order.Add(holder);
        }

        Assert.That(order, Is.EqualTo(new[] { "good", "other", "evil", "good", "evil" }));

        (int Evil, int Good, int Other) Done() => (first.Count(IsGranted), good.Count(IsGranted), other.Count(IsGranted));
    }

    [Test]
    public async Task Who_finds_too_many_waiting_is_sent_away_and_one_parent_cannot_fill_the_line()
    {
        var places = new StsPlaces(1, 1, 3, 2);
        var evil = Enter(places, "evil", 10);
        Assert.That(evil.Count(static one => !one.IsCompleted), Is.EqualTo(2));
        Assert.That(await evil[9], Is.False);

        var good = Enter(places, "good", 2);
        Assert.That(good[0].IsCompleted, Is.False);
        Assert.That(await good[1], Is.False, "three wait");
        places.Leave("evil");
        Assert.That(SpinWait.SpinUntil(() => IsGranted(good[0]), 5_000), Is.True);
    }

    [Test]
    public void All_are_served_and_nothing_is_kept()
    {
        var places = new StsPlaces(3, 2, 1_000, 1_000);
        var waiting = Enumerable.Range(0, 300).Select(number => (Parent: $"p{number % 7}", Place: places.EnterAsync($"p{number % 7}", default).AsTask())).ToList();
        for (var left = 300; left > 0; left--)
        {
            var at = -1;
            Assert.That(SpinWait.SpinUntil(() => (at = waiting.FindIndex(static one => one.Place.IsCompleted)) >= 0, 30_000), Is.True);
            Assert.That(waiting.Count(static one => one.Place.IsCompleted), Is.LessThanOrEqualTo(3));
            var parent = waiting[at].Parent;
            waiting.RemoveAt(at);
            places.Leave(parent);
        }

        Assert.That(waiting, Is.Empty);
    }

    private static Task<bool>[] Enter(StsPlaces places, string parent, int count) => [.. Enumerable.Range(0, count).Select(_ => places.EnterAsync(parent, default).AsTask())];

    private static bool IsGranted(Task<bool> place) => place is { IsCompletedSuccessfully: true, Result: true };
}
