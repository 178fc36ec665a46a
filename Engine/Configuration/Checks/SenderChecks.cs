using System.Globalization;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>Brakes, score and engagement: an alert before a pause, a pool for isolated senders that they may use.</summary>
internal static class SenderChecks
{
    public static void Run(Draft draft)
    {
        var (brakes, path) = (draft.Options.Brakes, JsonPath.Root["brakes"]);
        Before(draft, path["hardBounce"]["pause"], brakes.HardBounce.Warn, brakes.HardBounce.Pause);
        Before(draft, path["complaint"]["pause"], brakes.Complaint.Warn, brakes.Complaint.Pause);
        Score(draft, draft.Options.Score, JsonPath.Root["score"]);
        var engagement = draft.Options.Engagement;
        if (engagement.EngagedFor > engagement.Keep)
        {
            draft.Report.Add(JsonPath.Root["engagement"]["engagedFor"], $"must not be above keep ({engagement.Keep.TotalDays:0.##} days), but is {engagement.EngagedFor.TotalDays:0.##} days");
        }
    }

    private static void Before(Draft draft, JsonPath path, double warn, double pause)
    {
        if (pause < warn)
        {
            draft.Report.Add(path, string.Create(CultureInfo.InvariantCulture, $"must not be below warn ({warn}), but is {pause}"));
        }
    }

    private static void Score(Draft draft, ScoreOptions score, JsonPath path)
    {
        if (score.PauseBelow > score.IsolateBelow)
        {
            draft.Report.Add(path["pauseBelow"], $"must not be above isolateBelow ({score.IsolateBelow}), but is {score.PauseBelow}: whoever is paused needs no pool");
        }

        if (score.IsolateTo is not { } name)
        {
            return;
        }

        if (!draft.Options.Pools.TryGetValue(name, out var pool))
        {
            draft.Known(path["isolateTo"], "pool", name, draft.Options.Pools.Keys);
        }
        else if (pool.ExclusiveTo.Count > 0)
        {
            draft.Report.Add(path["isolateTo"], $"the pool '{name}' is exclusive to {string.Join(", ", pool.ExclusiveTo)}: expected one that every account may use");
        }
        else if (!score.Class.Contains(pool.Class))
        {
            draft.Report.Add(path["isolateTo"], $"the pool '{name}' is {Spelling.Of(pool.Class)}, which is not among 'class': its mail is not counted");
        }
    }
}
