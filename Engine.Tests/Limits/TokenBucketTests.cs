using Engine.Configuration;
using Engine.Limits;

namespace Engine.Tests.Limits;

internal sealed class TokenBucketTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Test]
    public void A_full_bucket_gives_its_burst_and_then_one_token_each_interval()
    {
        var bucket = new TokenBucket(new Rate(10, TimeSpan.FromSeconds(1), 3), Second);
        var taken = Enumerable.Range(0, 5).Count(unused => bucket.TryTake(0, 0, out _));

        Assert.That(taken, Is.EqualTo(3));
        Assert.That(bucket.TryTake(0, 0, out var readyAt), Is.False);
        Assert.That(readyAt, Is.EqualTo(Second / 10));
        Assert.That(bucket.TryTake(readyAt - 1, 0, out _), Is.False);
        Assert.That(bucket.TryTake(readyAt, 0, out _), Is.True);
    }

    [Test]
    public void An_idle_bucket_fills_up_to_its_burst_and_no_further()
    {
        var bucket = new TokenBucket(new Rate(1, TimeSpan.FromSeconds(1), 2), Second);
        bucket.TryTake(0, 0, out _);

        Assert.That(Enumerable.Range(0, 10).Count(unused => bucket.TryTake(1_000 * Second, 0, out _)), Is.EqualTo(2));
    }

    [Test]
    public void A_refund_can_be_taken_again()
    {
        var bucket = new TokenBucket(new Rate(1, TimeSpan.FromHours(1), 1), Second);

        Assert.That(bucket.TryTake(0, 0, out _), Is.True);
        bucket.Refund();
        Assert.That(bucket.TryTake(0, 0, out _), Is.True);
    }

    [TestCase(10, 3, 7)]
    [TestCase(1, 1, 1, Description = "a bucket of one token has no reserve")]
    public void Marketing_leaves_the_reserve(int burst, int reserve, int expected)
    {
        var bucket = new TokenBucket(new Rate(1, TimeSpan.FromSeconds(1), burst), Second);

        Assert.That(Enumerable.Range(0, 20).Count(unused => bucket.TryTake(0, reserve, out _)), Is.EqualTo(expected));
        Assert.That(Enumerable.Range(0, 20).Count(unused => bucket.TryTake(0, 0, out _)), Is.EqualTo(burst - expected));
    }

    [Test]
    public void Two_threads_never_get_more_than_the_rate()
    {
        var bucket = new TokenBucket(new Rate(1, TimeSpan.FromSeconds(1), 1_000), Second);
        var taken = 0;
        Parallel.For(0, 4, _ =>
        {
            for (var round = 0; round < 1_000; round++)
            {
                if (bucket.TryTake(0, 0, out var _))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        });

        Assert.That(taken, Is.EqualTo(1_000));
    }
}
