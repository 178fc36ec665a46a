using System.Globalization;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Control: what grows has a bound above its start, and a source gets less before it is stopped.</summary>
internal static class ControlChecks
{
    public static void Run(Draft draft)
    {
        var (control, path) = (draft.Options.Delivery.Control, JsonPath.Root["delivery"]["control"]);
        NotBelow(draft, path["holdLimit"], control.HoldLimit, "hold", control.Hold);
        NotBelow(draft, path["ratePauseLimit"], control.RatePauseLimit, "ratePause", control.RatePause);
        NotBelow(draft, path["blockPauseLimit"], control.BlockPauseLimit, "blockPause", control.BlockPause);
        NotBelow(draft, path["outagePauseLimit"], control.OutagePauseLimit, "outagePause", control.OutagePause);
        NotBelow(draft, path["stopLimit"], control.StopLimit, "stop", control.Stop);
        if (control.StopAt <= control.DegradeAt)
        {
            draft.Report.Add(path["stopAt"], string.Create(CultureInfo.InvariantCulture, $"must be above degradeAt ({control.DegradeAt}), but is {control.StopAt}"));
        }
    }

    private static void NotBelow(Draft draft, JsonPath path, TimeSpan limit, string startName, TimeSpan start)
    {
        if (limit < start)
        {
            draft.Report.Add(path, $"must not be below {startName} ({ScalarText.Write(start)}), but is {ScalarText.Write(limit)}");
        }
    }
}
