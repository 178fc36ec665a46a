using System.Globalization;
using Engine.Demo;

namespace Engine.Tests.Failures;

internal sealed class DuplicateTests
{
    // Milliseconds. Deliveries as id@taken/answered, "-" for no answer; one kill from 1000 to 1010; a window of 100.
    [TestCase("a@900/950 a@2000/2000", 1, DuplicateKind.SettledJustBefore)]
    [TestCase("a@900/901 a@2000/2000", 1, DuplicateKind.SettledJustBefore)]
    [TestCase("a@800/899 a@2000/2000", 1, DuplicateKind.Unexplained, TestName = "Settled too long before the kill")]
    [TestCase("a@990/- a@2000/2000", 1, DuplicateKind.UncertainDot)]
    [TestCase("a@300/- a@2000/2000", 1, DuplicateKind.UncertainDot, TestName = "A dot that waited for its answer until the kill")]
    [TestCase("a@999/1005 a@2000/2000", 1, DuplicateKind.UncertainDot, TestName = "Answered while the engine died")]
    [TestCase("a@900/950 b@2000/2000", 2, DuplicateKind.CommittedNotAnswered)]
    [TestCase("a@900/950 b@2000/2000", 1, DuplicateKind.Unexplained, TestName = "Two ids of one submission")]
    [TestCase("a@1500/1500 a@2000/2000", 1, DuplicateKind.Unexplained, TestName = "No kill after the first delivery")]
    [TestCase("a@900/950 a@960/961", 1, DuplicateKind.Unexplained, TestName = "Both before the kill")]
    public void Duplicates_have_a_reason(string deliveries, int submissions, object kind)
    {
        var story = Story(deliveries, submissions);

        var found = Duplicate.Of(story, [new Kill(At(1_000), At(1_010))], TimeSpan.FromMilliseconds(100));

        Assert.That(found.Select(static one => one.Kind), Is.EqualTo(new[] { (DuplicateKind)kind }));
    }

    [Test]
    public void A_message_submitted_again_although_it_was_answered_is_no_price_of_a_crash()
    {
        var story = Story("a@900/950 b@2000/2000", 2);
        story.Acknowledge("a", At(940));
        story.Acknowledge("b", At(1_990));

        Assert.That(Duplicate.Of(story, [new Kill(At(1_000), At(1_010))], TimeSpan.FromMilliseconds(100)).Single().Kind, Is.EqualTo(DuplicateKind.Unexplained));
    }

    [Test]
    public void A_single_delivery_is_none() => Assert.That(Duplicate.Of(Story("a@900/950", 1), [], TimeSpan.Zero), Is.Empty);

    private static MessageStory Story(string deliveries, int submissions)
    {
        var story = new MessageStory(1);
        for (var at = 0; at < submissions; at++)
        {
            story.LoseTouch();
            story.Announce(["r@x.test"], At(0));
        }

        foreach (var text in deliveries.Split(' '))
        {
            var parts = text.Split('@', '/');
            var delivery = new RecipientDelivery(At(Number(parts[1])), parts[0]) { AnsweredAt = parts[2] is "-" ? null : At(Number(parts[2])) };
            story.Deliver("r@x.test", delivery);
        }

        return story;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(int milliseconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds);
}
