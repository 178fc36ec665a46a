using Engine.Configuration;
using Engine.Tests.Simulation;

namespace Engine.Tests.Reputation.Steering;

internal sealed class HelmShareTests
{
    private static readonly EngineOptions Options = new()
    {
        Hostname = "mta.example",
        Sources = new Dictionary<string, SourceOptions> { ["s1"] = new() { Address = "192.0.2.1" }, ["s2"] = new() { Address = "192.0.2.2" } },
    };

    [Test]
    public void What_takes_no_mail_has_no_share_and_the_others_keep_theirs()
    {
        using var engine = new SimulatedEngine(Options);
        Assert.That(Shares(engine), Is.EqualTo(new[] { 1.0, 1.0 }));

        engine.Helm.Orders.Load([new Override(SourceOverride.Drain("s1"), "true", "operator", "to be moved", engine.Now, null)]);
        Assert.That(Shares(engine), Is.EqualTo(new[] { 0.0, 1.0 }));

        engine.Helm.Orders.Load([]);
        engine.Quarantined.Add("s2");
        Assert.That(Shares(engine), Is.EqualTo(new[] { 1.0, 0.0 }));
    }

    private static double[] Shares(SimulatedEngine engine) => [.. engine.Sources.Sources.OrderBy(source => source.Name).Select(source => engine.Helm.ShareOf(source, "google"))];
}
