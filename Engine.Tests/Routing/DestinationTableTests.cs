using Engine.Routing;

namespace Engine.Tests.Routing;

internal sealed class DestinationTableTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Long_policies_make_short_keys_and_different_ones_different_keys()
    {
        var (one, other) = (Policy(1), Policy(2));

        Assert.That(one.Key, Has.Length.LessThan(100));
        Assert.That(one.Key, Is.Not.EqualTo(other.Key));
        Assert.That(one, Is.EqualTo(Policy(1)));
        Assert.That(Intern(new DestinationTable(_clock), 1), Is.Not.EqualTo(Intern(new DestinationTable(_clock), 2)));
    }

    [Test]
    public void A_policy_that_changes_for_ever_does_not_fill_memory_and_what_is_in_use_stays()
    {
        // About 8 KB each.
        var table = new DestinationTable(_clock, 1_000_000);
        var used = Intern(table, 0);
        for (var number = 1; number < 10_000; number++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Intern(table, number);
            Assert.That(table.Find(used.Id), Is.SameAs(used));
        }

        Assert.That(table.Count, Is.InRange(80, 125));
        Assert.That(Intern(table, 9_999).Id.Value, Is.EqualTo(10_000), "the latest are there");
        Assert.That(Intern(table, 1).Id.Value, Is.EqualTo(10_001), "the first are not");
    }

    private static Destination Intern(DestinationTable table, int number) =>
        table.Intern("mx.example", null, isByHosts: false, [new ExchangerHost(10, "mx.example", null, 25)], Policy(number));

    private static TlsRequirement Policy(int number) => new() { Sts = StsMode.Enforce, MxPatterns = [.. Enumerable.Range(0, 16).Select(host => $"{number}.{host}.{new string('a', 240)}")] };
}
