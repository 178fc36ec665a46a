using Engine.Limits;
using Engine.Mail;

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
        counter.Wait(shy, StreamClass.Marketing, holdsBack: false);
        counter.Wait(keen, StreamClass.Marketing, holdsBack: false);
        counter.Wait(last, StreamClass.Marketing, holdsBack: false);

        counter.Release();
        counter.OfferNext();

        Assert.That((shy.Offers, keen.Offers, last.Offers), Is.EqualTo((1, 1, 0)));
        Assert.That(counter.Open, Is.EqualTo(1));
    }

    [Test]
    public void Transactional_mail_stands_before_marketing_whoever_came_first()
    {
        var counter = new ConnectionCounter(1);
        var news = new Waiter(takes: true);
        var receipt = new Waiter(takes: true);
        counter.TryTake();
        counter.Wait(news, StreamClass.Marketing, holdsBack: true);
        counter.Wait(receipt, StreamClass.Transactional, holdsBack: false);

        Assert.That(counter.Recalls(StreamClass.Marketing), Is.True, "marketing gives its place up");
        Assert.That(counter.Recalls(StreamClass.Transactional), Is.False);
        counter.Release();
        counter.OfferNext();

        Assert.That((news.Offers, receipt.Offers), Is.EqualTo((0, 1)));
    }

    [Test]
    public void A_lower_maximum_recalls_what_is_above_it_and_a_higher_one_lets_in_as_many()
    {
        var counter = new ConnectionCounter(3);
        var waiters = Enumerable.Range(0, 5).Select(_ => new Waiter(takes: true)).ToArray();
        for (var count = 0; count < 3; count++)
        {
            counter.TryTake();
        }

        counter.Maximum = 2;
        Assert.That(counter.Recalls(StreamClass.Transactional), Is.True);
        Array.ForEach(waiters, waiter => counter.Wait(waiter, StreamClass.Marketing, holdsBack: false));
        counter.Maximum = 6;
        counter.OfferNext();

        Assert.That(waiters.Select(waiter => waiter.Offers), Is.EqualTo(new[] { 1, 1, 1, 0, 0 }));
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

        public void Offer(ConnectionCounter counter, StreamClass streamClass)
        {
            Offers++;
            if (takes)
            {
                counter.TryTake();
            }
        }
    }
}
