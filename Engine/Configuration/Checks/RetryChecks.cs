using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>Only what is throttled can wait for control's pause to end: nothing else has one.</summary>
internal static class RetryChecks
{
    public static void Run(Draft draft)
    {
        foreach (var kind in Enum.GetValues<RetryKind>().Where(kind => kind is not (RetryKind.Throttled or RetryKind.Uncertain)))
        {
            if (draft.Options.Delivery.Retry.Of(kind).IsController)
            {
                draft.Report.Add(JsonPath.Root["delivery"]["retry"][Spelling.Of(kind)], "expected delays: only 'throttled' may be \"controller\"");
            }
        }
    }
}
