using Engine.Configuration;
using Engine.Reputation.Blocklists;
using static Engine.Tests.Reputation.Blocklists.SampleLists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class BlocklistWatchTests
{
    private static readonly Blocklist List = Make("list.example");

    private static readonly ListAnswer Refused = new(ListVerdict.Refused, "127.255.255.254", TimeSpan.Zero);

    [Test]
    public void A_listing_moves_mail_within_a_minute_whenever_it_comes([Range(3600, 3645, 5)] int second)
    {
        var world = new ListWorld([List], 4, (_, target, now) => Answer(target, now, "192.0.2.2", second, int.MaxValue));
        world.Run(TimeSpan.FromHours(2));

        Assert.That(world.At(ListingChangeKind.Listed) - second, Is.InRange(5, 60));
        Assert.That(world.At(ListingChangeKind.Quarantined), Is.EqualTo(world.At(ListingChangeKind.Listed)));
        Assert.That(world.Shares(), Is.EqualTo("s2 0"));
    }

    [Test]
    public void The_whole_life_of_a_listing()
    {
        var world = new ListWorld([List], 4, (_, target, now) => Answer(target, now, "192.0.2.2", 3600, 3 * 3600));
        world.Run(TimeSpan.FromHours(8));

        Assert.That(world.Changes.Select(change => change.Kind), Is.EqualTo(new[]
        {
            ListingChangeKind.Listed, ListingChangeKind.Quarantined, ListingChangeKind.Delisted,
            ListingChangeKind.Returning, ListingChangeKind.Returning, ListingChangeKind.Returning, ListingChangeKind.Restored,
        }));
        Assert.That(world.At(ListingChangeKind.Delisted) - (3 * 3600), Is.InRange(600, 660));
        Assert.That(world.At(ListingChangeKind.Restored) - world.At(ListingChangeKind.Delisted), Is.EqualTo(4 * 3600));
        Assert.That(world.Shares(), Is.Empty);
    }

    [Test]
    public void An_idle_source_that_is_listed_is_watched_until_it_is_back()
    {
        var world = new ListWorld([List], 4, (_, target, now) => Answer(target, now, "192.0.2.2", 0, 3 * 3600));
        world.Run(TimeSpan.FromHours(1));
        world.Watch.Follow([], new Dictionary<string, string> { ["s2"] = "192.0.2.2" }, world.Now);
        Assert.That(world.Watch.Plan.Subjects.Select(subject => subject.Source), Is.EqualTo(new[] { "s2" }));

        world.Run(TimeSpan.FromHours(7));
        Assert.That(world.At(ListingChangeKind.Restored), Is.Not.Null);
        world.Watch.Follow([], new Dictionary<string, string> { ["s2"] = "192.0.2.2" }, world.Now);
        Assert.That(world.Watch.Plan.Count, Is.Zero);
    }

    [Test]
    public void A_source_that_got_another_address_is_not_held_for_the_old_one()
    {
        var world = new ListWorld([List], 4, (_, target, now) => Answer(target, now, "192.0.2.2", 0, int.MaxValue));
        world.Run(TimeSpan.FromHours(1));
        Assert.That(world.Shares(), Is.EqualTo("s2 0"));
        world.Watch.Follow([], new Dictionary<string, string> { ["s2"] = "192.0.2.9" }, world.Now);

        Assert.That(world.Shares(), Is.Empty);
    }

    [Test]
    public void A_list_that_turns_into_a_wildcard_never_counts()
    {
        var world = new ListWorld([List], 4, (_, target, now) => now >= Start.AddMinutes(90) || target == "127.0.0.2" ? Hit : Clean);
        world.Run(TimeSpan.FromHours(5));

        Assert.That(world.At(ListingChangeKind.ZoneSuspended) - (90 * 60), Is.InRange(0, 60));
        Assert.That(world.Shares(), Is.Empty);
        Assert.That(world.Watch.Tests.Single().Health, Is.EqualTo(ZoneHealth.Wildcard));

        // At most two of four can have been away, for the moment until the third raised the doubt.
        Assert.That(world.Changes.Where(change => change.Kind is ListingChangeKind.Quarantined).Select(change => change.Subject).Distinct().Count(), Is.LessThanOrEqualTo(2));
        Assert.That(world.Changes.Count(change => change.Kind is ListingChangeKind.Restored), Is.EqualTo(world.Changes.Count(change => change.Kind is ListingChangeKind.Quarantined)));
    }

    [Test]
    public void A_list_that_truly_names_most_of_us_counts_once_its_test_has_passed()
    {
        var tests = 0;
        var world = new ListWorld([List], 4, (_, target, now) =>
        {
            tests += target == "127.0.0.2" ? 1 : 0;
            return target == "127.0.0.2" || (target != "127.0.0.1" && now >= Start.AddMinutes(90)) ? Hit : Clean;
        });
        world.Run(TimeSpan.FromMinutes(80));
        var before = tests;
        world.Run(TimeSpan.FromMinutes(12));

        Assert.That(tests - before, Is.EqualTo(1), "the surge is tested once");
        Assert.That(world.Changes.Count(change => change.Kind is ListingChangeKind.Listed), Is.EqualTo(4));
        Assert.That(world.Shares().Split(", "), Has.Length.EqualTo(2), "keepAtLeast");
        Assert.That(world.Changes.Count(change => change.Kind is ListingChangeKind.Kept), Is.EqualTo(2));
    }

    [Test]
    public void A_zone_that_refuses_or_is_empty_or_dead_is_told_and_not_counted()
    {
        Blocklist[] lists = [Make("good.example"), Make("refusing.example"), Make("empty.example"), Make("dead.example"), Make("parked.example")];
        var world = new ListWorld(lists, 1, (list, target, _) => list.Zone switch
        {
            "refusing.example" => Refused,
            "empty.example" => Clean,
            "dead.example" => ListAnswer.Silence,
            "parked.example" => new ListAnswer(ListVerdict.Foreign, "203.0.113.7", TimeSpan.Zero),
            _ => target == "127.0.0.2" ? Hit : Clean,
        });
        world.Run(TimeSpan.FromHours(3));

        Assert.That(world.Watch.Tests.Select(test => test.Health), Is.EqualTo(new[] { ZoneHealth.Good, ZoneHealth.Refused, ZoneHealth.Empty, ZoneHealth.Silent, ZoneHealth.Foreign }));
        Assert.That(world.Changes.Select(change => (change.Kind, change.List.Zone)), Is.EquivalentTo(new[]
        {
            (ListingChangeKind.ZoneSuspended, "refusing.example"), (ListingChangeKind.ZoneSuspended, "empty.example"),
            (ListingChangeKind.ZoneSuspended, "dead.example"), (ListingChangeKind.ZoneSuspended, "parked.example"),
        }));
        Assert.That(world.Asked, Is.LessThan(3 * 80 + 60), "lists that do not count are only tested");
    }

    [Test]
    public void A_resolver_that_fails_takes_no_list_out()
    {
        Blocklist[] lists = [Make("a.example"), Make("b.example")];
        var world = new ListWorld(lists, 2, (_, target, now) =>
            now >= Start.AddHours(1) && now < Start.AddHours(3) ? ListAnswer.Silence : target == "127.0.0.2" ? Hit : Clean);
        world.Run(TimeSpan.FromHours(4));

        Assert.That(world.Changes, Is.Empty);
        Assert.That(world.Watch.Tests, Has.All.Property(nameof(SelfTest.Counts)).True);
    }

    [Test]
    public void A_reload_keeps_what_is_known()
    {
        var world = new ListWorld([List], 4, (_, target, now) => Answer(target, now, "192.0.2.2", 0, int.MaxValue));
        world.Run(TimeSpan.FromMinutes(10));
        world.Watch.Load(new BlocklistOptions(), [Make("list.example"), Make("new.example")], [["s1", "s2", "s3", "s4"]], world.Now);

        Assert.That(world.Shares(), Is.EqualTo("s2 0"));
        Assert.That(world.Watch.Tests.Select(test => test.Health), Is.EqualTo(new[] { ZoneHealth.Good, ZoneHealth.Untested }));
    }

    [Test]
    public void A_named_list_is_asked_at_once_also_about_a_source_that_has_just_begun()
    {
        var world = new ListWorld([List, Make("minor.example", ListWeight.Minor)], 1, (_, target, now) => target == "127.0.0.2" ? Hit : Clean);
        world.Run(TimeSpan.FromMinutes(100));
        world.Watch.Hurry(Source(7), "minor.example", world.Now);

        Assert.That(world.Watch.Next(world.Now)?.Check?.Subject, Is.EqualTo(Source(7)));
    }

    private static ListAnswer Answer(string target, DateTimeOffset now, string listed, int from, int until) =>
        target == "127.0.0.2" || (target == listed && (now - Start).TotalSeconds >= from && (now - Start).TotalSeconds < until) ? Hit : Clean;
}
