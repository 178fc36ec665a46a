using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Tests.Simulation;

namespace Engine.Tests.Reputation.Control;

/// <summary>Rates, connections and bounds found and held, in virtual time.</summary>
internal sealed class PaceScenarioTests
{
    private static readonly string[] One = ["a"];

    // Postfix's best published figure is 16.5 % of deferrals.
    [TestCase(2.0, 10, 1)]
    [TestCase(7.0, 10, 2)]
    [TestCase(25.0, 10, 3)]
    [TestCase(7.0, 400, 4)]
    public void A_rate_limit_of_unknown_height_is_found_and_held(double bound, int burst, int seed)
    {
        var (model, receiver) = Model(seed);
        (receiver.RatePerSecond, receiver.Burst) = (bound, burst);
        model.Run(TimeSpan.FromHours(1));
        var steady = model.Now;
        model.Run(TimeSpan.FromHours(3));
        Write(model, steady);

        Assert.That(model.Deferred(steady), Is.LessThan(0.05));
        Assert.That(model.DeliveredPerSecond(steady), Is.GreaterThan(0.8 * bound));
    }

    [Test]
    public void A_rate_limit_whose_rule_names_no_action_is_found_and_held()
    {
        var (model, receiver) = Model(5);
        (receiver.RatePerSecond, receiver.RateReply) = (7, ModelReply.TooFastUnnamed);
        model.Run(TimeSpan.FromHours(2));
        var pause = model.Changes.First(change => change.Kind is ControlChangeKind.Paused);
        var steady = model.Now;
        model.Run(TimeSpan.FromHours(4));
        Write(model, steady);

        Assert.That(pause.Until - pause.At, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(model.Deferred(steady), Is.LessThan(0.05));
        Assert.That(model.DeliveredPerSecond(steady), Is.GreaterThan(0.8 * 7));
    }

    [Test]
    public void A_limit_that_falls_is_followed_down_and_one_that_rises_up()
    {
        var (model, receiver) = Model(6);
        receiver.RatePerSecond = 20;
        model.Run(TimeSpan.FromHours(1));
        receiver.RatePerSecond = 2;
        model.Run(TimeSpan.FromHours(1));
        var low = model.Now;
        model.Run(TimeSpan.FromHours(2));
        Assert.That(model.Deferred(low), Is.LessThan(0.05));
        Assert.That(model.DeliveredPerSecond(low), Is.GreaterThan(1.6));

        receiver.RatePerSecond = 20;
        model.Run(TimeSpan.FromHours(3));
        var high = model.Now;
        model.Run(TimeSpan.FromHours(1));
        Write(model, high);

        Assert.That(model.DeliveredPerSecond(high), Is.GreaterThan(16));
        Assert.That(model.Deferred(high), Is.LessThan(0.05));
    }

    [TestCase(1)]
    [TestCase(6)]
    [TestCase(13)]
    public void A_connection_limit_of_unknown_height_is_found_and_held(int bound)
    {
        // One message a second on each connection.
        var model = new SendingModel(One, seed: 7, latency: TimeSpan.FromSeconds(1));
        var receiver = model.Add("big", double.PositiveInfinity);
        receiver.Connections = bound;
        model.Run(TimeSpan.FromHours(2));
        var steady = model.Now;
        model.Run(TimeSpan.FromHours(3));
        Write(model, steady);

        Assert.That(model.Deferred(steady), Is.LessThan(0.01));
        Assert.That(model.DeliveredPerSecond(steady), Is.GreaterThan(0.8 * bound));
        Assert.That(model.Changes.Exists(change => change.Kind is ControlChangeKind.Paused), Is.False);
    }

    [Test]
    public void After_a_rate_reply_of_Google_it_stops_ten_minutes_and_comes_back_connection_by_connection()
    {
        var (model, receiver) = Model(8);
        (receiver.RatePerSecond, receiver.RateReply) = (50, ModelReply.TooFastGoogle);
        model.Run(TimeSpan.FromSeconds(30));
        var paused = model.Changes.First(change => change.Kind is ControlChangeKind.Paused);
        Assert.That((paused.Rule, paused.Until - paused.At), Is.EqualTo(("google.4728_ip", TimeSpan.FromMinutes(10))));

        var quiet = paused.At + TimeSpan.FromSeconds(1);
        model.Run(paused.Until!.Value - model.Now);
        Assert.That(model.Count(quiet, _ => true), Is.Zero);

        foreach (var connections in Enumerable.Range(1, 5))
        {
            model.Run(TimeSpan.FromSeconds(connections == 1 ? 30 : 60));
            Assert.That(model.AllowanceOf("a", "big").Connections, Is.EqualTo(connections));
        }
    }

    [Test]
    public void Under_the_rule_of_Google_too_the_level_is_found_and_held()
    {
        var (model, receiver) = Model(16);
        (receiver.RatePerSecond, receiver.RateReply) = (5, ModelReply.TooFastGoogle);
        model.Run(TimeSpan.FromHours(4));
        var steady = model.Now;
        model.Run(TimeSpan.FromHours(12));
        Write(model, steady);

        Assert.That(model.Deferred(steady), Is.LessThan(0.01));
        Assert.That(model.DeliveredPerSecond(steady), Is.GreaterThan(0.8 * 5));
    }

    [Test]
    public void A_failure_while_recovering_is_a_longer_pause()
    {
        var (model, receiver) = Model(9);
        receiver.Opinions["a"] = (1, ModelReply.TooFastGoogle);
        model.Run(TimeSpan.FromHours(12));

        var lengths = model.Changes.Where(change => change.Kind is ControlChangeKind.Paused).Select(change => change.Until - change.At);
        Assert.That(lengths.Take(5), Is.EqualTo(new[] { 10, 20, 40, 80, 160 }.Select(minutes => (TimeSpan?)TimeSpan.FromMinutes(minutes))));
        Assert.That(lengths.Max(), Is.EqualTo(TimeSpan.FromHours(4)));
    }

    [Test]
    public void Stray_refusals_among_many_good_replies_change_nothing()
    {
        var (model, receiver) = Model(10);
        receiver.Strays = 0.0005;
        model.Run(TimeSpan.FromHours(1));

        Assert.That(model.Count(default, attempt => attempt.Category == "rate_ip"), Is.GreaterThan(100));
        Assert.That(model.Changes, Is.Empty);
    }

    [Test]
    public void Greylisting_is_no_trouble()
    {
        var (model, receiver) = Model(11, perSecond: 20);
        receiver.Greylists = true;
        model.Run(TimeSpan.FromMinutes(30));

        Assert.That(model.Count(default, attempt => attempt.Category == "greylist"), Is.GreaterThan(30_000));
        Assert.That(model.Count(default, attempt => attempt.Kind is ObservationKind.Delivered), Is.GreaterThan(30_000));
        Assert.That(model.Changes, Is.Empty);
    }

    // Yahoo's way: at its bound the connection is simply closed.
    [Test]
    public void Connections_closed_in_silence_teach_their_bound_without_a_penalty()
    {
        var (model, receiver) = Model(12, perSecond: 5, connections: 1);
        receiver.MessagesPerConnection = 20;
        model.Run(TimeSpan.FromMinutes(2));
        var learned = model.Now;
        model.Run(TimeSpan.FromHours(20));

        Assert.That(model.AllowanceOf("a", "big").MessagesPerConnection, Is.EqualTo(20));
        Assert.That(model.Count(learned, attempt => attempt.Kind is ObservationKind.Unreachable), Is.Zero);
        Assert.That(model.Changes.Select(change => change.Kind), Is.EqualTo(new[] { ControlChangeKind.Learned }));

        model.Run(TimeSpan.FromHours(8));
        Assert.That(model.AllowanceOf("a", "big").MessagesPerConnection, Is.EqualTo(20), "one more was tried after a day, and learned back");
        Assert.That(model.Count(learned, attempt => attempt.Kind is ObservationKind.Unreachable), Is.LessThan(10));
    }

    [Test]
    public void A_restart_in_the_middle_of_a_pause_goes_on_with_the_pause()
    {
        var (model, receiver) = Model(13);
        (receiver.RatePerSecond, receiver.RateReply) = (50, ModelReply.TooFastGoogle);
        model.Run(TimeSpan.FromMinutes(4));
        var until = model.AllowanceOf("a", "big").PausedUntil;
        model.Restart(TimeSpan.FromMinutes(2));
        var restarted = model.Now;

        Assert.That(model.AllowanceOf("a", "big").PausedUntil, Is.EqualTo(until));
        model.Run(until - model.Now);
        Assert.That(model.Count(restarted, _ => true), Is.Zero);
        model.Run(TimeSpan.FromSeconds(20));
        Assert.That(model.AllowanceOf("a", "big").Connections, Is.EqualTo(1));
        Assert.That(model.Count(restarted, _ => true), Is.GreaterThan(50));
    }

    [TestCase(1, 0.9, 1.0)]
    [TestCase(120, 0.2, 0.3)]
    public void After_a_restart_a_known_level_is_taken_up_and_after_a_long_one_started_low(int minutes, double least, double most)
    {
        var (model, receiver) = Model(14);
        receiver.RatePerSecond = 10;
        model.Run(TimeSpan.FromHours(2));
        var held = model.AllowanceOf("a", "big").RatePerSecond!.Value;
        model.Restart(TimeSpan.FromMinutes(minutes));

        Assert.That(model.AllowanceOf("a", "big").RatePerSecond, Is.InRange(least * held, most * held));
        var start = model.Now;
        model.Run(TimeSpan.FromHours(1));
        Assert.That(model.Deferred(start), Is.LessThan(0.05));
        Assert.That(model.DeliveredPerSecond(start), Is.GreaterThan(8));
    }

    [Test]
    public void An_unused_allowance_drifts_back_and_never_jumps()
    {
        var (model, receiver) = Model(15, perSecond: 30);
        receiver.RatePerSecond = 10;
        model.Run(TimeSpan.FromMinutes(30));
        model.SetDemand("big", 0);
        model.Run(TimeSpan.FromMinutes(1));
        var last = model.AllowanceOf("a", "big").RatePerSecond!.Value;
        for (var minute = 0; minute < 400; minute++)
        {
            model.Run(TimeSpan.FromMinutes(1));
            if (model.AllowanceOf("a", "big").RatePerSecond is not { } rate)
            {
                Assert.That(minute, Is.GreaterThan(150));
                Assert.That(last, Is.GreaterThan(60));
                return;
            }

            Assert.That(rate, Is.InRange(last, last * 1.1));
            last = rate;
        }

        Assert.Fail("It was never let go.");
    }

    private static (SendingModel Model, ReceiverModel Receiver) Model(int seed, double perSecond = double.PositiveInfinity, int connections = 20)
    {
        var model = new SendingModel(One, seed, connections);
        return (model, model.Add("big", perSecond));
    }

    private static void Write(SendingModel model, DateTimeOffset from) =>
        TestContext.Out.WriteLine($"deferred {model.Deferred(from):P2}, delivered {model.DeliveredPerSecond(from):0.00}/s\n"
            + string.Join('\n', model.Changes.Where(change => change.Kind is not ControlChangeKind.Raised).Take(60).Select(change =>
                $"{change.At:HH:mm:ss} {change.Kind} {change.Before.RatePerSecond:0.##} -> {change.After.RatePerSecond:0.##} connections {change.After.Connections} until {change.Until:HH:mm:ss} {change.Rule}")));
}
