using Engine.Limits;

namespace Engine.Tests.Limits;

internal sealed class ConnectionCounterTests
{
    [Test]
    public void A_released_place_is_offered_down_the_line_until_somebody_takes_it()
    {
        var counter = new ConnectionCounter(1);
        var shy = new Waiter(takes: false);
        var keen = new Waiter(takes: true);
        var last = new Waiter(takes: true);
        counter.TryTake();
        counter.Wait(shy);
        counter.Wait(keen);
        counter.Wait(last);

        counter.Release();
        counter.OfferNext();

        Assert.That((shy.Offers, keen.Offers, last.Offers), Is.EqualTo((1, 1, 0)));
        Assert.That(counter.Open, Is.EqualTo(1));
    }

    [TestCase(10, 1, 9)]
    [TestCase(1, 1, 1)]
    public void The_reserve_stays_free(int maximum, int reserve, int expected)
    {
        var counter = new ConnectionCounter(maximum);

        Assert.That(Enumerable.Range(0, 20).Count(_ => counter.TryTake(reserve)), Is.EqualTo(expected));
    }

    private sealed class Waiter(bool takes) : IWaiter
    {
        public int Offers { get; private set; }

        public bool Offer(ConnectionCounter counter)
        {
            Offers++;
            return takes && counter.TryTake();
        }
    }
}
