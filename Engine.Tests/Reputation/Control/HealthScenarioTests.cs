using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Tests.Simulation;

namespace Engine.Tests.Reputation.Control;

/// <summary>Who is to blame, and where the mail goes meanwhile, in virtual time.</summary>
internal sealed class HealthScenarioTests
{
    private static readonly string[] Ten = [.. Enumerable.Range(0, 10).Select(number => $"ip{number}")];
    private static readonly string[] Providers = [.. Enumerable.Range(0, 10).Select(number => $"provider{number}")];

    private static IEnumerable<TestCaseData> Degradations()
    {
        yield return new TestCaseData(ModelReply.PoorReputation).SetArgDisplayNames("complaints");
        yield return new TestCaseData(ModelReply.Blocked with { Command = SmtpCommand.Mail }).SetArgDisplayNames("ip_block");
        yield return new TestCaseData(ModelReply.Busy).SetArgDisplayNames("busy, for this one alone");
        yield return new TestCaseData(ModelReply.Timeout).SetArgDisplayNames("no answer, for this one alone");
    }

    [TestCaseSource(nameof(Degradations))]
    public void One_of_ten_sources_degraded_at_one_of_ten_providers_is_left_within_five_seconds_and_comes_back_step_by_step(object reply)
    {
        var model = new SendingModel(Ten, seed: 21);
        var receivers = Providers.ToDictionary(name => name, name => model.Add(name, name == "provider3" ? 100 : 10));
        model.Run(TimeSpan.FromMinutes(2));
        var begin = model.Now;
        receivers["provider3"].Opinions["ip4"] = (1, (ModelReply)reply);
        model.Run(TimeSpan.FromSeconds(5));
        var shifted = model.Now;
        model.Run(TimeSpan.FromSeconds(45));

        Assert.That(model.Count(begin, attempt => attempt is { Source: "ip4", Operator: "provider3" }), Is.InRange(1, 60));
        Assert.That(model.Count(shifted, attempt => attempt is { Source: "ip4", Operator: "provider3" }), Is.Zero);
        Assert.That(model.Control.ShareOf("ip4", "provider3"), Is.EqualTo(new SourceShare(0, SourceState.Stopped)));
        Assert.That(model.Count(shifted, attempt => attempt is { Operator: "provider3", Kind: ObservationKind.Delivered }), Is.EqualTo(4_500).Within(100), "the others carry it");
        Assert.That(model.Changes.Where(change => change.Event is not null).Select(change => change.Key).Distinct(), Is.EqualTo(new[] { new ControlKey(FlowScope.SourceAtProvider, "provider3", "ip4") }));

        receivers["provider3"].Opinions.Clear();
        foreach (var name in Providers)
        {
            model.SetDemand(name, name == "provider3" ? 20 : 0);
        }

        var weights = new List<double>();
        for (var second = 0; second < 5_400 && model.Control.ShareOf("ip4", "provider3") != SourceShare.Full; second++)
        {
            model.Run(TimeSpan.FromSeconds(1));
            var weight = model.Control.ShareOf("ip4", "provider3").Weight;
            weights.AddRange(weights is [.., var last] && last == weight ? [] : [weight]);
        }

        Assert.That(weights, Is.EqualTo(new[] { 0, 0.05, 0.1, 0.25, 0.5, 1 }));
        Assert.That(model.Changes.FindAll(change => change.Kind is ControlChangeKind.Restored), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_probe_that_fails_doubles_the_stop()
    {
        var model = new SendingModel(Ten, seed: 22);
        var receiver = model.Add("big", 100);
        receiver.Opinions["ip4"] = (1, ModelReply.PoorReputation);
        model.Run(TimeSpan.FromMinutes(40));

        var stops = model.Changes.Where(change => change.Kind is ControlChangeKind.Stopped).Select(change => Math.Round((change.Until!.Value - change.At).TotalMinutes));
        Assert.That(stops.Take(5), Is.EqualTo(new[] { 1.0, 2, 4, 8, 16 }));
        Assert.That(model.Count(default, attempt => attempt.Source == "ip4"), Is.LessThan(80));
    }

    [Test]
    public void A_source_that_fails_for_a_part_gets_a_part()
    {
        var model = new SendingModel(Ten, seed: 23);
        var receiver = model.Add("big", 100);
        receiver.Opinions["ip4"] = (0.2, ModelReply.PoorReputation);
        model.Run(TimeSpan.FromMinutes(10));

        var share = model.Count(default, attempt => attempt.Source == "ip4") / (double)model.Attempts.Count;
        Assert.That(share, Is.InRange(0.01, 0.085));
        Assert.That(model.Changes.Select(change => change.Key.Subject).Distinct(), Is.EqualTo(new[] { "ip4" }));
    }

    [TestCase(10)]
    [TestCase(3)]
    [TestCase(2)]
    [TestCase(1)]
    public void When_a_provider_is_down_it_is_held_and_no_source_is_blamed(int sources)
    {
        var model = new SendingModel(Ten[..sources], seed: 24);
        var (big, other) = (model.Add("big", 50), model.Add("other", 50));
        model.Run(TimeSpan.FromMinutes(5));
        big.IsDown = true;
        var down = model.Now;
        model.Run(TimeSpan.FromMinutes(30));

        Assert.That(model.Count(down, attempt => attempt.Operator == "big"), Is.LessThan(400), "held, and tried seldom");
        Assert.That(model.Changes.FindAll(change => change.Kind is ControlChangeKind.Held), Is.Not.Empty);
        Assert.That(model.Sources.Select(source => model.Control.ShareOf(source, "big")), Is.All.EqualTo(SourceShare.Full));
        Assert.That(model.Changes.FindAll(change => change.Kind is ControlChangeKind.Stopped), Is.Empty);
        Assert.That(model.Changes.FindAll(change => change.Key.Operator == "other"), Is.Empty);

        big.IsDown = false;
        model.Run(model.Options.OutagePauseLimit + TimeSpan.FromMinutes(1));
        var back = model.Now;
        model.Run(TimeSpan.FromMinutes(5));
        Assert.That(model.DeliveredPerSecond(back) - 50, Is.GreaterThan(45), "other, and big as before");
        Assert.That(other.IsDown, Is.False);
    }

    [Test]
    public void When_most_sources_are_refused_at_once_what_was_laid_on_them_just_before_is_taken_back()
    {
        var model = new SendingModel(Ten, seed: 25);
        var receiver = model.Add("big", 100);
        model.Run(TimeSpan.FromMinutes(2));
        receiver.Opinions["ip0"] = (1, ModelReply.PoorReputation);
        model.Run(TimeSpan.FromSeconds(20));
        Assert.That(model.Control.ShareOf("ip0", "big").State, Is.EqualTo(SourceState.Stopped));

        foreach (var source in Ten)
        {
            receiver.Opinions[source] = (1, ModelReply.PoorReputation);
        }

        model.Run(TimeSpan.FromSeconds(10));
        Assert.That(Ten.Select(source => model.Control.ShareOf(source, "big")), Is.All.EqualTo(SourceShare.Full));
        Assert.That(model.Control.Of(new ControlKey(FlowScope.Provider, "big", string.Empty)).PausedUntil, Is.GreaterThan(model.Now));
    }

    [Test]
    public void Blocks_said_of_each_source_in_words_stop_each()
    {
        var model = new SendingModel(Ten, seed: 26);
        var receiver = model.Add("big", 100);
        foreach (var source in Ten)
        {
            receiver.Opinions[source] = (1, ModelReply.Blocked with { Command = SmtpCommand.Mail });
        }

        model.Run(TimeSpan.FromSeconds(30));
        Assert.That(Ten.Select(source => model.Control.ShareOf(source, "big").State), Is.All.EqualTo(SourceState.Stopped));
        Assert.That(model.Changes.FindAll(change => change.Kind is ControlChangeKind.Held), Is.Empty);
    }

    [Test]
    public void Health_never_empties_a_pool()
    {
        var model = new SendingModel(Ten[..4], seed: 27);
        var receiver = model.Add("big", 100);
        receiver.Opinions["ip0"] = (1, ModelReply.PoorReputation);
        receiver.Opinions["ip1"] = (1, ModelReply.PoorReputation);
        model.Run(TimeSpan.FromMinutes(2));
        Assert.That(Stopped(model), Is.EqualTo(2));

        // Later the third, when the first two are long out: two of four stay open.
        receiver.Opinions["ip2"] = (1, ModelReply.PoorReputation);
        for (var minute = 0; minute < 30; minute++)
        {
            model.Run(TimeSpan.FromMinutes(1));
            Assert.That(Stopped(model), Is.AtMost(2));
        }
    }

    // With two nobody can say who is wrong: the text decides.
    [TestCase("complaints", SourceState.Stopped)]
    [TestCase("server_busy", SourceState.Healthy)]
    [TestCase("network", SourceState.Healthy)]
    public void Of_two_sources_one_is_stopped_only_when_the_text_blames_it(string category, object expected)
    {
        var model = new SendingModel(Ten[..2], seed: 28);
        var receiver = model.Add("big", 20);
        model.Run(TimeSpan.FromMinutes(1));
        receiver.Opinions["ip0"] = (1, category switch { "complaints" => ModelReply.PoorReputation, "network" => ModelReply.Timeout, _ => ModelReply.Busy });
        model.Run(TimeSpan.FromSeconds(30));

        Assert.That(model.Control.ShareOf("ip0", "big").State, Is.EqualTo((SourceState)expected));
        Assert.That(model.Control.ShareOf("ip1", "big"), Is.EqualTo(SourceShare.Full));
    }

    [Test]
    public void A_campaign_called_spam_pauses_there_and_no_source_does()
    {
        var model = new SendingModel(Ten, seed: 29);
        var (big, other) = (model.Add("big", 50, "good", "bad", "fine"), model.Add("other", 50, "good", "bad", "fine"));
        (big.Spam["bad"], big.Spam["good"]) = (0.3, 0.002);
        model.Run(TimeSpan.FromMinutes(20));

        var events = model.Changes.FindAll(change => change.Event is not null);
        Assert.That(events.Select(change => (change.Key, change.Event)), Is.EqualTo(new[] { (ControlKey.OfCampaign("big", "acme", "bad"), (EventKind?)EventKind.CampaignPaused) }));
        Assert.That(events[0].Until - events[0].At, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(other.Spam, Is.Empty);
    }

    [Test]
    public void When_everything_is_called_spam_no_campaign_is_to_blame()
    {
        var model = new SendingModel(Ten, seed: 30);
        var receiver = model.Add("big", 50, "a", "b", "c");
        (receiver.Spam["a"], receiver.Spam["b"], receiver.Spam["c"]) = (0.3, 0.3, 0.3);
        model.Run(TimeSpan.FromMinutes(20));

        Assert.That(model.Changes.Select(change => change.Kind), Is.EqualTo(new[] { ControlChangeKind.Alert }));
    }

    [Test]
    public void Our_own_network_gone_blames_nobody_and_holds_nothing_for_long()
    {
        var model = new SendingModel(Ten[..4], seed: 31);
        var receivers = Enumerable.Range(0, 40).Select(number => model.Add($"domain{number}.example", 2)).ToList();
        model.Run(TimeSpan.FromMinutes(2));
        receivers.ForEach(receiver => receiver.IsDown = true);
        model.Run(TimeSpan.FromMinutes(10));

        Assert.That(model.Control.IsLocalTrouble);
        Assert.That(model.Changes.FindAll(change => change.Kind is ControlChangeKind.Stopped), Is.Empty);
        Assert.That(model.Changes.Count(change => change is { Kind: ControlChangeKind.Alert, Rule: "control/local-trouble" }), Is.EqualTo(1));

        receivers.ForEach(receiver => receiver.IsDown = false);
        model.Run(TimeSpan.FromMinutes(1));
        var back = model.Now;
        model.Run(TimeSpan.FromMinutes(2));
        Assert.That(model.Control.IsLocalTrouble, Is.False);
        Assert.That(model.DeliveredPerSecond(back), Is.GreaterThan(70));
    }

    private static int Stopped(SendingModel model) =>
        model.Sources.Count(source => model.Control.ShareOf(source, "big").State is SourceState.Stopped or SourceState.Probing);
}
