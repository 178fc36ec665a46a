using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Score;

namespace Engine.Tests.Reputation.Score;

internal sealed class EngagementDeskTests : ISenderWatch
{
    private readonly ManualClock _clock = new();
    private readonly List<SenderNews> _news = [];
    private EngagementBook _book = null!;

    public void Heard(in SenderNews news) => _news.Add(news);

    [SetUp]
    public void Begin()
    {
        _news.Clear();
        _book = new EngagementBook(new EngagementOptions(), address => new AddressDigest((ulong)string.GetHashCode(address.ToString(), StringComparison.Ordinal) << 32, 1));
    }

    [TestCase("ann@example.com,open,2026-11-20T08:00:00Z,acme", 1, 0, null)]
    [TestCase("ann@example.com,click", 1, 0, null)]
    [TestCase("address,kind\nann@example.com,click\n\nbob@example.com,open\r\n", 2, 0, null)]
    [TestCase("time,account,kind,address\n2026-11-20,acme,open,ann@example.com", 1, 0, null)]
    [TestCase("\"ann@example.com\",\"open\"", 1, 0, null)]
    [TestCase("\"\"\"a,b\"\"@example.com\",open", 1, 0, null)]
    [TestCase("{\"address\":\"ann@example.com\",\"kind\":\"open\",\"time\":\"2026-11-20T08:00:00+02:00\",\"account\":\"acme\",\"more\":{\"a\":[1]}}", 1, 0, null)]
    [TestCase("{\"address\":\"ann@example.com\"", 0, 1, "line 1: is no JSON object")]
    [TestCase("{\"address\":1,\"kind\":\"open\"}", 0, 1, "line 1: expected an address, found ''")]
    [TestCase("ann@example.com,open\nnobody,open\nann@example.com,bounce", 1, 2, "line 2: expected an address, found 'nobody'")]
    [TestCase("ann@example.com,opened", 0, 1, "line 1: expected the kind 'open' or 'click', found 'opened'")]
    [TestCase("ann@example.com,open,yesterday", 0, 1, "line 1: expected a time such as 2026-11-22T08:00:00Z, found 'yesterday'")]
    [TestCase("ann@example.com,open,,nobody", 0, 1, "line 1: there is no account 'nobody'")]
    [TestCase("", 0, 0, null)]
    public async Task Lines_are_taken_or_refused_with_the_reason(string text, int taken, int refused, string? first)
    {
        var tally = await TakeAsync(text);

        Assert.That(tally, Is.EqualTo(new EngagementTally(taken, refused, first)));
        Assert.That(_book.Count, Is.EqualTo(taken));
    }

    [Test]
    public async Task The_score_of_an_account_learns_of_it()
    {
        await TakeAsync("ann@example.com,open,,acme\nbob@example.com,open");

        Assert.That(_news.Select(one => (one.Kind, one.Account, one.Class)), Is.EqualTo(new[] { (SenderNewsKind.Engaged, "acme", StreamClass.Marketing) }));
    }

    [Test]
    public async Task A_line_without_end_ends_the_import()
    {
        var tally = await TakeAsync("ann@example.com,open\n" + new string('x', 100_000));

        Assert.That((tally.Taken, tally.Refused), Is.EqualTo((1L, 1L)));
        Assert.That(tally.First, Does.StartWith("line 2: is longer than 4096 octets"));
    }

    [Test]
    public async Task Lines_that_span_reads_are_put_together()
    {
        var text = string.Concat(Enumerable.Range(0, 3_000).Select(number => $"a{number}@example.com,open\n"));

        Assert.That((await TakeAsync(text)).Taken, Is.EqualTo(3_000));
    }

    private async Task<EngagementTally> TakeAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await new EngagementDesk(_book, this, name => name == "acme", _clock).TakeAsync(stream, CancellationToken.None);
    }
}
