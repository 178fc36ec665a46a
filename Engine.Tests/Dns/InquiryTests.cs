using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class InquiryTests
{
    // Two servers, five seconds in all. Each row: how the tries end, one second apart, and the tries they lead to.
    // A try is: server, U or T (TCP), e or - (EDNS), limit in milliseconds.
    [TestCase("ServerFailed", "0Ue1666 1Ue1666")]
    [TestCase("Refused", "0Ue1666 1Ue1666")]
    [TestCase("Unreachable", "0Ue1666 1Ue1666")]
    [TestCase("ServerFailed Refused", "0Ue1666 1Ue1666 over")]
    [TestCase("TimedOut TimedOut TimedOut", "0Ue1666 1Ue1666 0Ue3000 1Ue2000")]
    [TestCase("ServerFailed TimedOut", "0Ue1666 1Ue1666 1Ue3000")]
    [TestCase("TimedOut ServerFailed TimedOut", "0Ue1666 1Ue1666 0Ue3000 0Ue2000")]
    [TestCase("Truncated", "0Ue1666 0Te1666")]
    [TestCase("Malformed", "0Ue1666 0Te1666")]
    [TestCase("Truncated Truncated", "0Ue1666 0Te1666 1Ue1666")]
    [TestCase("Truncated Malformed", "0Ue1666 0Te1666 1Ue1666")]
    [TestCase("Truncated TimedOut", "0Ue1666 0Te1666 1Ue1666")]
    [TestCase("NoEdns", "0Ue1666 0U-1666")]
    [TestCase("NoEdns NoEdns", "0Ue1666 0U-1666 1Ue1666")]
    [TestCase("NoEdns Truncated", "0Ue1666 0U-1666 0T-1666")]
    [TestCase("Truncated NoEdns", "0Ue1666 0Te1666 0T-1666")]
    [TestCase("NoEdns TimedOut TimedOut", "0Ue1666 0U-1666 1Ue1666 0U-2000", Description = "a server without EDNS stays one")]
    [TestCase("TimedOut TimedOut TimedOut TimedOut TimedOut", "0Ue1666 1Ue1666 0Ue3000 1Ue2000 0Ue1000 over")]
    public void Tries_follow(string outcomes, string expected)
    {
        var inquiry = new Inquiry(2, TimeSpan.FromSeconds(5));
        var tries = new List<string> { Text(inquiry.Start()) };
        foreach (var outcome in outcomes.Split(' '))
        {
            tries.Add(Text(inquiry.Next(Enum.Parse<TryOutcome>(outcome), TimeSpan.FromSeconds(tries.Count))));
        }

        Assert.That(string.Join(' ', tries), Is.EqualTo(expected));
    }

    [Test]
    public void The_first_limit_is_never_over_two_seconds() =>
        Assert.That(new Inquiry(1, TimeSpan.FromMinutes(1)).Start().Limit, Is.EqualTo(TimeSpan.FromSeconds(2)));

    [Test]
    public void Servers_that_answer_nonsense_quickly_do_not_keep_it_alive()
    {
        var inquiry = new Inquiry(100, TimeSpan.FromMinutes(1));
        inquiry.Start();
        var tries = 1;
        while (inquiry.Next(TryOutcome.Refused, TimeSpan.Zero) is not null)
        {
            tries++;
        }

        Assert.That(tries, Is.EqualTo(Inquiry.MaxTries));
    }

    private static string Text(DnsTry? attempt) => attempt is { } made
        ? $"{made.Server}{(made.OverTcp ? 'T' : 'U')}{(made.WithEdns ? 'e' : '-')}{(int)made.Limit.TotalMilliseconds}"
        : "over";
}
