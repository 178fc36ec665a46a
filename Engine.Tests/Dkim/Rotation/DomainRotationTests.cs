using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Tests.Dkim.Rotation;

/// <summary>The life of a domain's keys, step by step.</summary>
internal sealed class DomainRotationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly DomainName Domain = DomainName.Parse("acme.example");
    private static readonly RotationTerms Terms = new(TimeSpan.FromDays(180), KeyKind.Rsa2048, Spare: false, TimeSpan.FromDays(33));
    private static readonly KeySighting Whole = new([new PlaceSighting("resolver", SightingKind.Shown, TimeSpan.FromHours(1)), new PlaceSighting("name server", SightingKind.Shown, TimeSpan.FromHours(2))]);

    [Test]
    public void A_key_that_nobody_rotates_signs() => Assert.That(DomainRotation.Empty(Domain).MaySign("s1"), Is.True);

    [TestCase("2026-05-26T12:00:00Z", 1)]
    [TestCase("2026-05-26T12:00:01Z", 0)]
    [TestCase("2026-11-22T12:00:00Z", 0)]
    public void An_old_key_gets_a_successor(string written, int expected)
    {
        var next = Found("s1", "rsa", written).Schedule(Terms, Start);
        Assert.That(next.Keys.Count(key => key.Standing is KeyStanding.Next), Is.EqualTo(expected));
        Assert.That(next.MaySign("s1"), Is.True);
        Assert.That(next.Schedule(Terms, Start).Keys, Has.Count.EqualTo(next.Keys.Count), "Only one.");
    }

    [Test]
    public void Without_an_age_nothing_begins_by_itself() =>
        Assert.That(Found("s1", "rsa", "2020-01-01T00:00:00Z").Schedule(Terms with { Every = null }, Start).Keys, Has.Count.EqualTo(1));

    [TestCase("rsa", KeyKind.Rsa3072, KeyKind.Rsa3072, "r20261122")]
    [TestCase("ed25519", KeyKind.Rsa3072, KeyKind.Ed25519, "e20261122")]
    public void A_successor_is_of_its_predecessor_s_type(string type, KeyKind rsa, KeyKind expected, string selector)
    {
        var key = Found("s1", type, "2025-01-01T00:00:00Z").Schedule(Terms with { Rsa = rsa }, Start).Keys[1];
        Assert.That((key.Kind, key.Selector, key.KeyType), Is.EqualTo((expected, selector, type)));
    }

    [TestCase(1, "r20261122", "r20261122-2")]
    [TestCase(3, "r20261122n3", "r20261122n3-2")]
    public void Two_hosts_of_a_fleet_never_give_two_keys_one_name(int node, string first, string second)
    {
        var terms = Terms with { Node = node, Spare = true };
        Assert.That(Found("s1", "rsa", "2025-01-01T00:00:00Z").Schedule(terms, Start).Keys.Skip(1).Select(key => key.Selector), Is.EqualTo(new[] { first, second }));
    }

    [Test]
    public void A_next_key_is_made_then_asked_for_and_signs_only_when_it_is_seen_everywhere()
    {
        var next = Found("s1", "rsa", "2025-01-01T00:00:00Z").Schedule(Terms, Start);
        Assert.That(Kinds(next, Start), Is.EqualTo(new[] { RotationStepKind.Make }));
        next = next.Made("r20261122");
        Assert.That(Kinds(next, Start), Is.EqualTo(new[] { RotationStepKind.Ask }));
        Assert.That(next.MaySign("r20261122"), Is.False);

        next = next.Saw("r20261122", Whole, Start.AddMinutes(1));
        Assert.That(Standings(next), Is.EqualTo("s1 Retiring, r20261122 Signing"));
        Assert.That(next.Find("r20261122")!.RecordTtl, Is.EqualTo(TimeSpan.FromHours(2)));
    }

    [TestCase(SightingKind.Missing)]
    [TestCase(SightingKind.Different)]
    [TestCase(SightingKind.Silent)]
    public void One_place_that_does_not_show_the_record_only_delays(SightingKind kind)
    {
        var next = Waiting();
        var sighting = new KeySighting([.. Whole.Places, new PlaceSighting("ns2.acme.example", kind)]);
        for (var day = 0; day < 400; day++)
        {
            next = next.Saw("r20261122", sighting, Start.AddDays(day));
        }

        Assert.That(Standings(next), Is.EqualTo("s1 Signing, r20261122 Next"));
        Assert.That(next.Find("r20261122")!.Missing, Does.Contain("ns2.acme.example"));
    }

    [Test]
    public void Nobody_asked_is_no_sighting() =>
        Assert.That(Standings(Waiting().Saw("r20261122", new KeySighting([]), Start)), Is.EqualTo("s1 Signing, r20261122 Next"));

    [TestCase(59, 0, false)]
    [TestCase(0, 1, true)]
    public void A_record_just_made_known_is_looked_for_every_minute(int seconds, int minutes, bool expected)
    {
        var next = Waiting().Saw("r20261122", new KeySighting([]), Start);
        Assert.That(Kinds(next, Start.AddMinutes(minutes).AddSeconds(seconds)), expected ? Has.Member(RotationStepKind.Ask) : Has.No.Member(RotationStepKind.Ask));
    }

    [TestCase(23.9, false)]
    [TestCase(24, true)]
    public void The_operator_is_reminded_after_a_day_and_then_daily(double hours, bool expected)
    {
        var next = Waiting().Saw("r20261122", new KeySighting([]), Start.AddHours(1));
        Assert.That(Kinds(next, Start.AddHours(hours)).Contains(RotationStepKind.Remind), Is.EqualTo(expected));
        var told = next.Told("r20261122", Start.AddHours(24));
        Assert.That(Kinds(told, Start.AddHours(47.9)).Contains(RotationStepKind.Remind), Is.False);
        Assert.That(Kinds(told, Start.AddHours(48)).Contains(RotationStepKind.Remind), Is.True);
    }

    // Switched at noon of the 22nd; TTL of the old record an hour, margin 7 days. Queued at most 33 days.
    [TestCase("2026-11-29T12:59:00Z", null, false)]
    [TestCase("2026-11-29T13:00:00Z", null, true)]
    [TestCase("2026-11-29T13:00:00Z", "2026-11-22T11:00:00Z", false)]
    [TestCase("2026-11-29T13:00:00Z", "2026-11-22T13:00:00Z", false)]
    [TestCase("2026-11-29T13:00:00Z", "2026-11-22T13:00:01Z", true)]
    [TestCase("2027-01-01T13:59:59Z", "2026-11-22T11:00:00Z", false)]
    [TestCase("2027-01-01T14:00:00Z", "2026-11-22T11:00:00Z", true)]
    public void An_old_record_may_go_when_ttl_margin_and_queue_are_past(string at, string? oldest, bool expected)
    {
        var old = Found("s1", "rsa", "2025-01-01T00:00:00Z");
        old = old with { Keys = [old.Keys[0] with { RecordTtl = TimeSpan.FromHours(1) }] };
        var switched = old.Schedule(Terms, Start).Made("r20261122").Saw("r20261122", Whole, Start);
        var steps = switched.Steps(Terms, oldest is null ? null : Time(oldest), Time(at));
        Assert.That(steps.Any(step => step is { Kind: RotationStepKind.Retire, Key.Selector: "s1" }), Is.EqualTo(expected));
    }

    [Test]
    public void A_retired_key_never_signs_again_and_is_forgotten_when_its_file_is_gone()
    {
        var retired = Switched().Retire("s1", Start.AddDays(40));
        Assert.That(retired.MaySign("s1"), Is.False);
        Assert.That(retired.Forget(Start.AddYears(5)).Find("s1"), Is.Not.Null, "The file is still there.");
        Assert.That(retired.MovedAway("s1").Forget(Start.AddDays(440)).Find("s1"), Is.Not.Null);
        Assert.That(retired.MovedAway("s1").Forget(Start.AddDays(441)).Find("s1"), Is.Null);
    }

    [Test]
    public void A_revoked_key_is_never_forgotten_and_the_domain_is_withheld_until_another_signs()
    {
        var revoked = Found("s1", "rsa", "2025-01-01T00:00:00Z").Revoke("S1", "rsa", "stolen", Start);
        Assert.That(revoked.IsWithheld, Is.True);
        Assert.That(revoked.MovedAway("s1").Forget(Start.AddYears(50)).MaySign("s1"), Is.False);
        var next = revoked.Begin(KeyKind.Rsa2048, null, isSpare: false, "stolen", Start).Made("r20261122");
        Assert.That(next.IsWithheld, Is.True);
        Assert.That(next.NextLook(Start.AddSeconds(1)), Is.LessThanOrEqualTo(Start.AddSeconds(1)));
        Assert.That(next.Saw("r20261122", Whole, Start).IsWithheld, Is.False);
    }

    [Test]
    public void A_spare_is_seen_but_does_not_sign_until_it_is_taken()
    {
        var terms = Terms with { Spare = true };
        var spare = Found("s1", "rsa", "2026-11-01T00:00:00Z").Schedule(terms, Start);
        Assert.That(spare.Keys[1].IsSpare, Is.True);
        spare = spare.Made("r20261122").Saw("r20261122", Whole, Start);
        Assert.That(Standings(spare), Is.EqualTo("s1 Signing, r20261122 Next"));
        Assert.That(spare.Schedule(terms, Start).Keys, Has.Count.EqualTo(2));

        var taken = spare.Revoke("s1", "rsa", "stolen", Start.AddDays(1)).Begin(KeyKind.Rsa2048, null, isSpare: false, "stolen", Start.AddDays(1));
        Assert.That(Kinds(taken, Start.AddDays(1)), Has.Member(RotationStepKind.Ask), "Asked for at once, although it was asked for a while ago.");
        Assert.That(Standings(taken.Saw("r20261122", Whole, Start.AddDays(1))), Is.EqualTo("s1 Revoked, r20261122 Signing"));
    }

    [Test]
    public void A_selector_is_never_used_for_two_keys()
    {
        var found = Found("s1", "rsa", "2026-11-01T00:00:00Z");
        Assert.That(() => found.Begin(KeyKind.Rsa2048, "S1", isSpare: false, "again", Start), Throws.ArgumentException);
        var two = found.Begin(KeyKind.Rsa2048, null, isSpare: false, "one", Start).Begin(KeyKind.Rsa4096, null, isSpare: false, "two", Start);
        Assert.That(two.Keys.Select(key => key.Selector), Is.EqualTo(new[] { "s1", "r20261122", "r20261122-2" }));
    }

    [Test]
    public void Only_keys_of_one_type_make_way()
    {
        var both = DomainRotation.Empty(Domain).Adopt([new FoundKey("s1", "rsa", Start), new FoundKey("e1", "ed25519", Start)]);
        var next = both.Begin(KeyKind.Rsa2048, "s2", isSpare: false, "order", Start).Made("s2").Saw("s2", Whole, Start);
        Assert.That(Standings(next), Is.EqualTo("s1 Retiring, e1 Signing, s2 Signing"));
    }

    [Test]
    public void A_key_that_cannot_be_written_is_tried_again_later()
    {
        var next = Found("s1", "rsa", "2025-01-01T00:00:00Z").Schedule(Terms, Start).NotMade("r20261122", "read-only", Start);
        Assert.That(Kinds(next, Start.AddSeconds(30)), Is.Empty);
        Assert.That(Kinds(next, Start.AddMinutes(1)), Is.EqualTo(new[] { RotationStepKind.Make }));
        Assert.That(Kinds(next, Start.AddDays(1)), Is.EqualTo(new[] { RotationStepKind.Make, RotationStepKind.Remind }));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DomainRotation Found(string selector, string type, string written) => DomainRotation.Empty(Domain).Adopt([new FoundKey(selector, type, Time(written))]);

    private static DomainRotation Waiting() => Found("s1", "rsa", "2025-01-01T00:00:00Z").Schedule(Terms, Start).Made("r20261122");

    private static DomainRotation Switched() => Waiting().Saw("r20261122", Whole, Start);

    private static RotationStepKind[] Kinds(DomainRotation rotation, DateTimeOffset now) => [.. rotation.Steps(Terms, null, now).Select(step => step.Kind)];

    private static string Standings(DomainRotation rotation) => string.Join(", ", rotation.Keys.Select(key => $"{key.Selector} {key.Standing}"));
}
