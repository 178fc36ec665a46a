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

    [TestCase("acme", "acme.example", true)]
    [TestCase("acme", "zoe.example", false)]
    [TestCase("local", "acme.example", false, Description = "the built-in account is not verified")]
    [TestCase("system", "acme.example", false, Description = "nor is mail of our own")]
    public void A_domain_that_dns_contradicts_holds_mail_of_configured_accounts(string account, string domain, bool isHeld)
    {
        var snapshot = new Snapshot(new EngineOptions { Accounts = new Dictionary<string, AccountOptions> { ["acme"] = new() } });
        var flow = News with { Account = account, SenderDomain = DomainName.Parse(domain) };

        Assert.That(PauseTable.Of(snapshot, [], [DomainName.Parse("acme.example")]).Holds(flow, "bulk"), Is.EqualTo(isHeld));
    }

    [Test]
    public void Nothing_is_paused_without_overrides() => Assert.That(Pauses.None.Holds(News, "bulk"), Is.False);
}
