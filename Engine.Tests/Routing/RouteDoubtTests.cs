using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Routing;

internal sealed class RouteDoubtTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly RouteDoubt _doubt = new();

    [Test]
    public void Dead_domains_among_living_ones_are_believed()
    {
        for (var number = 0; number < 1_000; number++)
        {
            _doubt.Found(Domain($"good{number}"), Noon);
        }

        for (var number = 0; number < 200; number++)
        {
            Assert.That(_doubt.Missing(Domain($"dead{number}"), Noon, out _), Is.False);
        }
    }

    [Test]
    public void When_most_domains_are_missing_at_once_none_is_believed_and_it_is_news_once()
    {
        var news = 0;
        var doubted = 0;
        for (var number = 0; number < 100; number++)
        {
            doubted += _doubt.Missing(Domain($"gone{number}"), Noon, out var isNews) ? 1 : 0;
            news += isNews ? 1 : 0;
        }

        Assert.That((doubted, news), Is.EqualTo((100 - RouteDoubt.Least + 1, 1)));
    }

    [Test]
    public void One_domain_however_often_is_no_reason_to_doubt()
    {
        for (var number = 0; number < 1_000; number++)
        {
            Assert.That(_doubt.Missing(Domain("dead"), Noon, out _), Is.False);
        }
    }

    [Test]
    public void The_doubt_ends_when_domains_are_found_again_or_after_ten_minutes()
    {
        for (var number = 0; number < 50; number++)
        {
            _doubt.Missing(Domain($"gone{number}"), Noon, out _);
        }

        for (var number = 0; number < 50; number++)
        {
            _doubt.Found(Domain($"good{number}"), Noon + TimeSpan.FromMinutes(1));
        }

        Assert.That(_doubt.IsOn, Is.False);
        for (var number = 0; number < 50; number++)
        {
            _doubt.Missing(Domain($"more{number}"), Noon + TimeSpan.FromMinutes(2), out _);
        }

        Assert.That(_doubt.IsOn, Is.True);
        Assert.That(_doubt.Missing(Domain("later"), Noon + TimeSpan.FromMinutes(15), out _), Is.False);
    }

    private static DomainName Domain(string name) => DomainName.Parse($"{name}.example");
}
