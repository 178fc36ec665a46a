using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class ServerListTests
{
    private static readonly string[] Two = ["127.0.0.1:53", "127.0.0.2:53"];

    private readonly ManualClock _clock = new();

    // T a time-out, U unreachable, A an answer, + ten seconds.
    [TestCase("", "1 2")]
    [TestCase("U", "2 1")]
    [TestCase("UA", "1 2")]
    [TestCase("TTTT", "1 2", Description = "a slow zone is no silent server")]
    [TestCase("TTTTT", "2 1")]
    [TestCase("TTTTATTTT", "1 2")]
    [TestCase("U++", "2 1")]
    [TestCase("U+++", "1 2", Description = "after half a minute it is tried again")]
    [TestCase("U+++T", "2 1", Description = "and one more miss is enough")]
    public void The_first_server_goes_last_while_it_is_silent(string story, string order)
    {
        var list = new ServerList(Two, _clock);
        var server = list.InOrder()[0];
        foreach (var letter in story)
        {
            if (letter == '+')
            {
                _clock.Advance(TimeSpan.FromSeconds(10));
            }
            else
            {
                list.Note(server, letter switch { 'T' => TryOutcome.TimedOut, 'U' => TryOutcome.Unreachable, _ => TryOutcome.Answered });
            }
        }

        Assert.That(string.Join(' ', list.InOrder().Select(one => one.Address.Address.ToString()[^1])), Is.EqualTo(order));
    }

    [Test]
    public void Falling_silent_and_coming_back_are_news_once()
    {
        var list = new ServerList(Two, _clock);
        var server = list.InOrder()[0];

        Assert.That(list.Note(server, TryOutcome.Unreachable), Is.True);
        Assert.That(list.Note(server, TryOutcome.Unreachable), Is.False);
        Assert.That(list.Note(server, TryOutcome.ServerFailed), Is.True, "it answers, though not well");
        Assert.That(list.Note(server, TryOutcome.Answered), Is.False);
    }

    [Test]
    public void A_port_left_out_is_53() => Assert.That(new ServerList(["127.0.0.1"], _clock).InOrder()[0].Address.Port, Is.EqualTo(53));

    [Test]
    public void An_empty_list_is_a_fault() => Assert.Throws<FormatException>(() => _ = new ServerList([], _clock));
}
