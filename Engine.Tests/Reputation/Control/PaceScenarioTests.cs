using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Tests.Simulation;

namespace Engine.Tests.Reputation.Control;

/// <summary>Rates and connections found and held, in virtual time.</summary>
internal sealed class PaceScenarioTests
{
    private static readonly string[] One = ["a"];

    // Postfix's best published figure is 16.5 % of deferrals.
    [TestCase(2.0)]
    [TestCase(7.0)]
    [TestCase(40.0)]
    public void A_rate_limit_of_unknown_height_is_found_and_held(double bound)
    {
        var model = new SendingModel(One, seed: 1);
        var receiver = model.Add("big", double.PositiveInfinity);
        receiver.RatePerSecond = bound;
        model.Run(TimeSpan.FromHours(1));
        var steady = model.Now;
        model.Run(TimeSpan.FromHours(3));
        TestContext.Out.WriteLine($"deferred {model.Deferred(steady):P2}, throughput {model.DeliveredPerSecond(steady) / bound:P1}");
        foreach (var c in model.Changes.Where(c => c.Kind != ControlChangeKind.Raised).Take(60))
            TestContext.Out.WriteLine($"{c.At:HH:mm:ss} {c.Kind} {c.Before.RatePerSecond:0.##}->{c.After.RatePerSecond:0.##} conns {c.After.Connections} until {c.Until:HH:mm:ss} {c.Rule}");

        Assert.That(model.Deferred(steady), Is.LessThan(0.05));
        Assert.That(model.DeliveredPerSecond(steady), Is.GreaterThan(0.8 * bound));
    }
}
