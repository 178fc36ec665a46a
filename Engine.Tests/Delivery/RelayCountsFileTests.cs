using Engine.Configuration;
using Engine.Delivery;
using Engine.Routing;

namespace Engine.Tests.Delivery;

internal sealed class RelayCountsFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-relay-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void A_quota_used_up_is_used_up_after_a_restart()
    {
        var path = Path.Join(_directory, "relay-counts");
        var relay = new Relay("backup", new ExchangerHost(0, "relay.test", null, 587), new RelayOptions { Quota = new Rate(2, TimeSpan.FromDays(1), 1) }, null);
        var before = new RelayLedger();
        using (new RelayCountsFile(before, path, TimeProvider.System))
        {
            Assert.That((before.TryTake(relay, Now), before.TryTake(relay, Now)), Is.EqualTo((true, true)));
        }

        var after = new RelayLedger();
        using var file = new RelayCountsFile(after, path, TimeProvider.System);

        Assert.That((after.TryTake(relay, Now), after.TryTake(relay, Now.AddDays(1))), Is.EqualTo((false, true)));
    }

    [TestCase("")]
    [TestCase("backup\n")]
    [TestCase("backup 739000 x\n\0\0\0")]
    public void A_file_that_cannot_be_read_counts_nothing(string text)
    {
        var path = Path.Join(_directory, "relay-counts");
        File.WriteAllText(path, text);
        var ledger = new RelayLedger();
        using var file = new RelayCountsFile(ledger, path, TimeProvider.System);

        Assert.That(ledger.Capture(), Is.Empty);
    }
}
