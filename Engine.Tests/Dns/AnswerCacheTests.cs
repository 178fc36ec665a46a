using Engine.Dns;
using Engine.Mail;

namespace Engine.Tests.Dns;

internal sealed class AnswerCacheTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void An_answer_is_kept_until_it_expires()
    {
        var cache = new AnswerCache(100, _clock);
        var answer = Keep(cache, "a.example", seconds: 60);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(cache.Find(Key("a.example")), Is.SameAs(answer));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(cache.Find(Key("a.example")), Is.Null);
    }

    [Test]
    public void Kinds_and_names_are_kept_apart()
    {
        var cache = new AnswerCache(100, _clock);
        Keep(cache, "a.example", seconds: 60);

        Assert.That(cache.Find(CacheKey.Records(DomainName.Parse("a.example"), RecordType.Txt)), Is.Null);
        Assert.That(cache.Find(CacheKey.Exchangers(DomainName.Parse("a.example"))), Is.Null);
        Assert.That(cache.Find(Key("b.example")), Is.Null);
    }

    [Test]
    public void A_newer_answer_takes_the_place_of_the_older()
    {
        var cache = new AnswerCache(8, _clock);
        Keep(cache, "a.example", seconds: 60);
        var newer = Keep(cache, "a.example", seconds: 90);

        _clock.Advance(TimeSpan.FromSeconds(70));
        Assert.That(cache.Find(Key("a.example")), Is.SameAs(newer));
    }

    [Test]
    public void No_more_than_its_capacity_is_kept()
    {
        var cache = new AnswerCache(100, _clock);
        for (var number = 0; number < 10_000; number++)
        {
            Keep(cache, $"{number}.example", seconds: 60);
        }

        Assert.That(Enumerable.Range(0, 10_000).Count(number => cache.Find(Key($"{number}.example")) is not null), Is.InRange(90, 100));
    }

    [Test]
    public void An_expired_answer_goes_before_one_that_holds()
    {
        var cache = new AnswerCache(8, _clock);
        Keep(cache, "old.example", seconds: 1);
        for (var number = 0; number < 7; number++)
        {
            Keep(cache, $"{number}.example", seconds: 60);
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
        Keep(cache, "new.example", seconds: 60);

        Assert.That(Enumerable.Range(0, 7).All(number => cache.Find(Key($"{number}.example")) is not null), Is.True);
        Assert.That(cache.Find(Key("new.example")), Is.Not.Null);
    }

    [Test]
    public void What_is_asked_for_stays_while_others_come_and_go()
    {
        var cache = new AnswerCache(8, _clock);
        var popular = Keep(cache, "popular.example", seconds: 3_600);
        for (var number = 0; number < 1_000; number++)
        {
            Assert.That(cache.Find(Key("popular.example")), Is.SameAs(popular), $"after {number}");
            Keep(cache, $"{number}.example", seconds: 3_600);
            _clock.Advance(TimeSpan.FromTicks(1));
        }
    }

    [Test]
    public void Readers_and_writers_at_once_see_only_whole_answers()
    {
        var cache = new AnswerCache(64, _clock);
        Parallel.For(0, 8, worker =>
        {
            var chance = new Random(worker);
            for (var round = 0; round < 20_000; round++)
            {
                var name = $"{chance.Next(200)}.example";
                if (cache.Find(Key(name)) is DnsAnswer { Records: [DnsRecord.Name named] })
                {
                    Assert.That(named.Target, Is.EqualTo(name));
                }
                else
                {
                    Keep(cache, name, seconds: 60);
                }
            }
        });
    }

    [Test]
    public void A_hit_allocates_nothing()
    {
        var cache = new AnswerCache(64, _clock);
        Keep(cache, "a.example", seconds: 60);
        var key = Key("a.example");
        var hits = cache.Find(key) is null ? 0 : 1;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            hits += cache.Find(key) is null ? 0 : 1;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(hits, Is.EqualTo(1_001));
    }

    private DnsAnswer Keep(AnswerCache cache, string name, int seconds)
    {
        var answer = new DnsAnswer(LookupStatus.Found, [new DnsRecord.Name(RecordType.Ptr, name)], IsAuthentic: false, _clock.GetUtcNow().AddSeconds(seconds));
        cache.Keep(Key(name), answer);
        return answer;
    }

    private static CacheKey Key(string name) => CacheKey.Records(DomainName.Parse(name), RecordType.A);
}
