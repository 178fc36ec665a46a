using Engine.Demo;

namespace Engine.Tests.Failures;

/// <summary>One delivery too many, and why it came.</summary>
/// <param name="Number">The message.</param>
/// <param name="Recipient">Who got it again.</param>
/// <param name="Kind">Why.</param>
/// <param name="Age">From the earlier delivery's answer to the kill, where that explains it.</param>
internal sealed record Duplicate(long Number, string Recipient, DuplicateKind Kind, TimeSpan Age)
{
    /// <summary>Finds the duplicates of one message.</summary>
    /// <param name="story">The message.</param>
    /// <param name="kills">In order of time.</param>
    /// <param name="window">How long before a kill a settlement may still have been uncommitted.</param>
    public static IReadOnlyList<Duplicate> Of(MessageStory story, IReadOnlyList<Kill> kills, TimeSpan window) =>
    [
        .. from recipient in story.Recipients
           from at in Enumerable.Range(1, Math.Max(0, recipient.Deliveries.Count - 1))
           select Judge(story, recipient, at, kills, window),
    ];

    // Several messages of one number are the client's doing only when it had no 250 for any but one of them.
    private static bool IsResubmission(MessageStory story, RecipientStory recipient) =>
        story.Submissions > 1 && recipient.Deliveries.Select(static one => one.EngineId).Distinct().Count(story.Ids.Contains) <= 1;

    private static Duplicate Judge(MessageStory story, RecipientStory recipient, int at, IReadOnlyList<Kill> kills, TimeSpan window)
    {
        var delivery = recipient.Deliveries[at];
        var earlier = recipient.Deliveries.Take(at).LastOrDefault(one => one.EngineId == delivery.EngineId);
        if (earlier is null)
        {
            return new Duplicate(story.Number, recipient.Address, IsResubmission(story, recipient) ? DuplicateKind.CommittedNotAnswered : DuplicateKind.Unexplained, TimeSpan.Zero);
        }

        // The first kill that the earlier delivery was not over with, before the later one.
        var kill = kills.FirstOrDefault(one => one.After >= earlier.TakenAt);
        if (kill == default || kill.Before > delivery.TakenAt)
        {
            return new Duplicate(story.Number, recipient.Address, DuplicateKind.Unexplained, TimeSpan.Zero);
        }

        if (earlier.AnsweredAt is not { } answered || answered >= kill.Before)
        {
            return new Duplicate(story.Number, recipient.Address, DuplicateKind.UncertainDot, TimeSpan.Zero);
        }

        var age = kill.Before - answered;
        return new Duplicate(story.Number, recipient.Address, age <= window ? DuplicateKind.SettledJustBefore : DuplicateKind.Unexplained, age);
    }
}
