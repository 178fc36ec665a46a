using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Brakes;

namespace Engine.Tests.Reputation.Brakes;

/// <summary>Each row feeds a machine in virtual time and reads what it decided.</summary>
internal sealed class BrakeMachineTests
{
    private const SenderNewsKind Good = SenderNewsKind.Delivered;
    private const SenderNewsKind Hard = SenderNewsKind.HardBounced;
    private const SenderNewsKind Complaint = SenderNewsKind.Complained;

    private readonly List<BrakeDecision> _decisions = [];
    private BrakeMachine _brakes = new(new BrakesOptions());
    private DateTimeOffset _now;

    [SetUp]
    public void Begin()
    {
        _decisions.Clear();
        _brakes = new BrakeMachine(new BrakesOptions());
        _now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    }

    // Others of the account, sound: so that it is the campaign that is judged.
    [TestCase(Hard, 490, 9, "")]
    [TestCase(Hard, 490, 10, "Warn spring 10/500")]
    [TestCase(Hard, 975, 25, "Warn spring 20/995")]
    [TestCase(Hard, 475, 25, "PauseCampaign spring 25/500")]
    [TestCase(Hard, 950, 50, "Warn spring 20/970, PauseCampaign spring 50/1000")]
    [TestCase(Hard, 0, 499, "")]
    [TestCase(Hard, 0, 500, "PauseCampaign spring 500/500")]
    [TestCase(Complaint, 1_000, 9, "")]
    [TestCase(Complaint, 1_000, 10, "PauseCampaign spring 10/1000")]
    [TestCase(Complaint, 10_001, 10, "")]
    [TestCase(Complaint, 10_000, 10, "Warn spring 10/10000")]
    [TestCase(Complaint, 10_000, 29, "Warn spring 10/10000")]
    [TestCase(Complaint, 10_000, 45, "Warn spring 10/10000, PauseCampaign spring 30/10000")]
    [TestCase(Complaint, 0, 50, "")]
    public void A_campaign_is_warned_and_then_paused_once_for_each_crossing(SenderNewsKind kind, int delivered, int bad, string expected)
    {
        Hear(Good, 1_000_000, campaign: "sound");
        Hear(Good, delivered);
        Hear(kind, bad);

        Assert.That(Told("spring"), Is.EqualTo(expected));
    }

    [Test]
    public void A_decision_says_its_rule_and_numbers()
    {
        Hear(Good, 10_000);
        Hear(Complaint, 30);

        Assert.That(_decisions.Select(one => (one.RuleName, one.Reason)), Does.Contain(("brakes/complaint", "30 complaints about 10000 within 24 h: 0.003, from 0.003 on it is paused")));
    }

    [Test]
    public void What_slides_out_of_the_window_counts_no_more()
    {
        Hear(Good, 480);
        Hear(Hard, 9);
        _now += TimeSpan.FromHours(24);
        Hear(Good, 480);
        Hear(Hard, 9);
        Assert.That(_decisions, Is.Empty, "in two windows no 500 were answered");

        _now += TimeSpan.FromHours(22);
        Hear(Good, 20);
        Hear(Hard, 2);
        Assert.That(Told("spring"), Is.EqualTo("Warn spring 11/511"));
    }

    [Test]
    public void A_share_that_swings_about_the_threshold_is_told_once()
    {
        Hear(Good, 490);
        Hear(Hard, 10);
        for (var round = 0; round < 20; round++)
        {
            Hear(Good, 49);
            Hear(Hard, 1);
        }

        Assert.That(Told("spring"), Is.EqualTo("Warn spring 10/500"));
    }

    [Test]
    public void After_it_was_calm_the_next_crossing_is_told_again()
    {
        Hear(Good, 490);
        Hear(Hard, 10);
        Hear(Good, 1_000);
        Hear(Hard, 1);
        _decisions.Clear();
        Hear(Hard, 20);

        Assert.That(Told("spring"), Is.EqualTo("Warn spring 31/1521"));
    }

    [Test]
    public void Complaints_are_held_against_the_mail_of_the_days_before()
    {
        Hear(Good, 100_000);
        _now += TimeSpan.FromDays(3);
        Hear(Good, 10);
        Hear(Complaint, 90);
        Assert.That(_decisions, Is.Empty, "90 of 100,000, although 10 were delivered within the window");

        _now += TimeSpan.FromDays(8);
        Hear(Good, 3_000);
        Hear(Complaint, 10);
        Assert.That(Told("spring"), Is.EqualTo("PauseCampaign spring 10/3000"));
    }

    [Test]
    public void Transactional_mail_is_only_warned_of()
    {
        Hear(Good, 10_000, streamClass: StreamClass.Transactional);
        Hear(Complaint, 100, streamClass: StreamClass.Transactional);

        Assert.That(_decisions.Select(one => (one.Action, one.Subject.Kind, one.Bad)), Is.EqualTo(new[]
        {
            (BrakeAction.Warn, BrakeSubjectKind.Campaign, 10L), (BrakeAction.Warn, BrakeSubjectKind.Account, 10L),
            (BrakeAction.Warn, BrakeSubjectKind.Campaign, 30L), (BrakeAction.Warn, BrakeSubjectKind.Account, 30L),
        }));
    }

    [Test]
    public void Marketing_is_not_diluted_by_transactional_mail()
    {
        Hear(Good, 1_000_000, streamClass: StreamClass.Transactional);
        Hear(Good, 1_000);
        Hear(Complaint, 10);

        Assert.That(Told("spring"), Is.EqualTo("PauseCampaign spring 10/1000"));
    }

    [Test]
    public void A_stream_stands_for_mail_without_a_campaign()
    {
        Hear(Good, 1_000, campaign: string.Empty);
        Hear(Complaint, 10, campaign: string.Empty);

        Assert.That(_decisions.Select(one => (one.Action, one.Subject)), Does.Contain((BrakeAction.PauseCampaign, new BrakeSubject("acme", BrakeSubjectKind.Stream, "news", StreamClass.Marketing))));
    }

    [Test]
    public void A_complaint_that_knows_its_campaign_by_a_mark_counts_for_it()
    {
        Hear(Good, 100_000, campaign: "sound");
        Hear(Good, 1_000);
        for (var at = 0; at < 10; at++)
        {
            var news = new SenderNews { Kind = Complaint, Account = "acme", Stream = "news", Campaign = string.Empty, CampaignMark = ReturnToken.CampaignOf("spring"), Class = StreamClass.Marketing, At = _now };
            _brakes.Hear(news, _decisions);
        }

        Assert.That(Told("spring"), Is.EqualTo("PauseCampaign spring 10/1000"));
    }

    [Test]
    public void One_bad_campaign_does_not_pause_the_account()
    {
        Hear(Good, 900, campaign: "sound");
        Hear(Good, 900);
        Hear(Hard, 100);
        Hear(Hard, 200);

        Assert.That(_decisions.Where(one => one.Action is not BrakeAction.Warn).Select(one => one.Action), Is.EqualTo(new[] { BrakeAction.PauseCampaign }));
    }

    [Test]
    public void When_what_is_left_is_as_bad_the_account_is_paused()
    {
        Hear(Good, 900);
        Hear(Hard, 100);
        for (var number = 0; number < 10; number++)
        {
            Hear(Good, 90, campaign: $"small-{number}");
            Hear(Hard, 10, campaign: $"small-{number}");
        }

        Assert.That(_decisions.Where(one => one.Action is not BrakeAction.Warn).Select(one => (one.Action, one.Subject.Name)), Is.EqualTo(new[] { (BrakeAction.PauseCampaign, "spring"), (BrakeAction.PauseAccount, "") }));
    }

    [Test]
    public void The_second_campaign_paused_within_a_window_pauses_an_account_over_its_threshold()
    {
        Hear(Good, 900);
        Hear(Hard, 100);
        Hear(Good, 900, campaign: "summer");
        Hear(Hard, 100, campaign: "summer");

        Assert.That(_decisions.Where(one => one.Action is not BrakeAction.Warn).Select(one => (one.Action, one.Subject.Name)),
            Is.EqualTo(new[] { (BrakeAction.PauseCampaign, "spring"), (BrakeAction.PauseCampaign, "summer"), (BrakeAction.PauseAccount, "") }));
    }

    [Test]
    public void Many_campaigns_too_small_to_be_judged_are_judged_as_the_account()
    {
        for (var number = 0; number < 100; number++)
        {
            Hear(Good, 9, campaign: $"c{number}");
            Hear(Hard, 1, campaign: $"c{number}");
        }

        Assert.That(_decisions.Select(one => (one.Action, one.Of)), Is.EqualTo(new[] { (BrakeAction.PauseAccount, 500L) }));
    }

    [Test]
    public void The_configuration_says_who_is_paused()
    {
        _brakes = new BrakeMachine(new BrakesOptions { Then = BrakeNext.None });
        Hear(Good, 1_000, campaign: "a");
        Hear(Complaint, 10, campaign: "a");
        Hear(Good, 1_000, campaign: "b");
        Hear(Complaint, 10, campaign: "b");
        Assert.That(_decisions.Count(one => one.Action is BrakeAction.PauseCampaign), Is.EqualTo(2));
        Assert.That(_decisions.Any(one => one.Action is BrakeAction.PauseAccount), Is.False);

        Begin();
        _brakes = new BrakeMachine(new BrakesOptions { Scope = BrakeScope.Account });
        Hear(Good, 1_000);
        Hear(Complaint, 10);
        Assert.That(_decisions.Select(one => one.Action), Is.EqualTo(new[] { BrakeAction.PauseAccount }));
    }

    [Test]
    public void What_is_paused_is_not_told_again_however_late_complaints_come()
    {
        Hear(Good, 1_000);
        Hear(Complaint, 10);
        _decisions.Clear();
        for (var hour = 0; hour < 100; hour++)
        {
            _now += TimeSpan.FromHours(1);
            Hear(Complaint, 5);
        }

        Assert.That(_decisions.Where(one => one.Subject.Kind is BrakeSubjectKind.Campaign), Is.Empty);
    }

    [Test]
    public void A_resume_forgives_the_campaign_and_the_account()
    {
        Hear(Good, 1_000);
        Hear(Complaint, 10);
        _brakes.Resume("acme", BrakeSubjectKind.Campaign, "spring");
        _decisions.Clear();

        Hear(Good, 100);
        Hear(Complaint, 1);
        Hear(Good, 1_000, campaign: "summer");
        Hear(Complaint, 1, campaign: "summer");
        Assert.That(_decisions, Is.Empty);

        Hear(Complaint, 9);
        Assert.That(Told("spring"), Is.EqualTo("PauseCampaign spring 10/100"), "new facts count");
    }

    [Test]
    public void A_resumed_account_begins_anew()
    {
        _brakes = new BrakeMachine(new BrakesOptions { Scope = BrakeScope.Account });
        Hear(Good, 1_000);
        Hear(Complaint, 10);
        _brakes.Resume("acme", BrakeSubjectKind.Account, string.Empty);
        Hear(Good, 1_000);
        Hear(Complaint, 9);

        Assert.That(_decisions, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_restart_neither_forgets_nor_repeats()
    {
        Hear(Good, 1_000, campaign: "paused");
        Hear(Complaint, 10, campaign: "paused");
        Hear(Good, 985);
        Hear(Hard, 10);
        _decisions.Clear();
        _brakes = Restarted(new BrakesOptions());

        Hear(Complaint, 20, campaign: "paused");
        Assert.That(Told("paused"), Is.Empty);
        _now += TimeSpan.FromHours(10);
        Hear(Hard, 11);
        Assert.That(Told("spring"), Is.EqualTo("Warn spring 21/1006"));
    }

    [Test]
    public void Counts_of_another_window_are_of_no_use()
    {
        Hear(Good, 480);
        Hear(Hard, 9);
        _brakes = Restarted(new BrakesOptions { HardBounce = new HardBounceBrakeOptions { Window = TimeSpan.FromHours(48) } });
        Hear(Good, 480);
        Hear(Hard, 9);
        Assert.That(_decisions, Is.Empty);

        _brakes.Load(new BrakesOptions());
        Hear(Good, 480);
        Hear(Hard, 9);
        Assert.That(_decisions, Is.Empty);
    }

    [Test]
    public void A_reload_of_thresholds_keeps_the_counts()
    {
        Hear(Good, 990);
        Hear(Hard, 10);
        _brakes.Load(new BrakesOptions { HardBounce = new HardBounceBrakeOptions { Warn = 0.01, Pause = 0.01 } });
        Hear(Hard, 2);

        Assert.That(Told("spring"), Is.EqualTo("PauseCampaign spring 11/1001"));
    }

    [Test]
    public void A_state_that_is_damaged_is_said_to_be([Range(0, 120, 7)] int length)
    {
        Hear(Good, 1_000);
        Hear(Complaint, 10);
        using var saved = new MemoryStream();
        using var writer = new BinaryWriter(saved);
        _brakes.Save(writer);
        using var reader = new BinaryReader(new MemoryStream(saved.ToArray()[..length]));

        Assert.That(() => new BrakeMachine(new BrakesOptions()).Restore(reader), Throws.InstanceOf<IOException>().Or.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_million_names_take_bounded_memory_and_push_out_only_their_own()
    {
        _brakes = new BrakeMachine(new BrakesOptions(), bound: 1_000);
        for (var number = 0; number < 1_000_000; number++)
        {
            Hear(Good, 1, campaign: $"flood-{number}");
            if (number % 500 == 0)
            {
                Hear(Good, 1);
            }
        }

        Assert.That(_brakes.Count, Is.EqualTo(1_001));
        Assert.That(_brakes.Report(_now).Single(one => one.Subject.Name == "spring").Delivered, Is.EqualTo(2_000));
        Assert.That(_brakes.Report(_now).Single(one => one.Subject.Kind is BrakeSubjectKind.Account).Delivered, Is.EqualTo(1_002_000), "the account counts them all");
    }

    [Test]
    public void A_full_table_allocates_nothing_more()
    {
        _brakes = new BrakeMachine(new BrakesOptions(), bound: 100);
        string[] names = [.. Enumerable.Range(0, 10_000).Select(number => $"c{number}")];
        foreach (var name in names.Take(500))
        {
            Hear(Good, 1, campaign: name);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var name in names)
        {
            Hear(Good, 1, campaign: name);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    private BrakeMachine Restarted(BrakesOptions options)
    {
        using var saved = new MemoryStream();
        using var writer = new BinaryWriter(saved);
        _brakes.Save(writer);
        saved.Position = 0;
        var machine = new BrakeMachine(options);
        using var reader = new BinaryReader(saved);
        machine.Restore(reader);
        return machine;
    }

    private string Told(string campaign) => string.Join(", ", _decisions.Where(one => one.Subject.Name == campaign).Select(one => $"{one.Action} {one.Subject.Name} {one.Bad}/{one.Of}"));

    private void Hear(SenderNewsKind kind, int times, string campaign = "spring", StreamClass streamClass = StreamClass.Marketing)
    {
        var news = new SenderNews { Kind = kind, Account = "acme", Stream = "news", Campaign = campaign, Class = streamClass, SenderDomain = DomainName.Parse("acme.example"), At = _now };
        for (var time = 0; time < times; time++)
        {
            _brakes.Hear(news, _decisions);
        }
    }
}
