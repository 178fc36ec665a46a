using Engine.Configuration;
using Engine.Daemon;
using Engine.Delivery;
using Engine.Mail;

namespace Engine.Tests.Daemon;

internal sealed class PauseTableTests
{
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "2026/spring", DomainName.Parse("acme.example"), string.Empty);

    private static readonly Flow Codes = News with { Class = StreamClass.Transactional, Stream = "otp", Campaign = string.Empty };

    [TestCase("pause.campaign.acme/2026/spring", "true", true, false)]
    [TestCase("pause.campaign.acme/2026", "true", false, false)]
    [TestCase("pause.campaign.zoe/2026/spring", "true", false, false)]
    [TestCase("pause.account.acme", "true", true, true)]
    [TestCase("pause.account.acme", "marketing", true, false)]
    [TestCase("pause.account.acme", "transactional", false, true)]
    [TestCase("pause.stream.acme/otp", "true", false, true)]
    [TestCase("pause.stream.acme/news", "true", true, false)]
    [TestCase("pool.account.acme", "quarantine", false, false)]
    public void A_pause_holds_what_it_names_and_says_why(string key, string value, bool news, bool codes)
    {
        var snapshot = new Snapshot(new EngineOptions());
        Override[] overrides = [new Override(key, value, "brakes", "too many complaints", DateTimeOffset.UnixEpoch)];
        var pauses = PauseTable.Of(snapshot, overrides);

        Assert.That((pauses.Holds(News, "bulk"), pauses.Holds(Codes, "tx")), Is.EqualTo((news, codes)));
        Assert.That(PauseTable.Reasons(snapshot, overrides, News, "bulk").Select(one => one.Key), Is.EqualTo(news ? new[] { key } : []));
        Assert.That(PauseTable.Reasons(snapshot, overrides, Codes, "tx").Select(one => one.Who), Is.EqualTo(codes ? new[] { "brakes" } : []));
    }

    [Test]
    public void Nothing_is_paused_without_overrides() => Assert.That(Pauses.None.Holds(News, "bulk"), Is.False);
}
