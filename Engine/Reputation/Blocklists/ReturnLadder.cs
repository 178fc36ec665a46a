using Engine.Configuration;

namespace Engine.Reputation.Blocklists;

/// <summary>How a source comes back. Pure.</summary>
/// <param name="steps">Shares and how long each holds.</param>
internal sealed class ReturnLadder(IReadOnlyList<ReturnStepOptions> steps)
{
    /// <param name="elapsed">Since the listing went.</param>
    /// <returns>The step, from 0; the number of steps when it is over.</returns>
    public int StepAt(TimeSpan elapsed)
    {
        var step = 0;
        for (var end = TimeSpan.Zero; step < steps.Count; step++)
        {
            end += steps[step].For;
            if (elapsed < end)
            {
                break;
            }
        }

        return step;
    }

    public bool IsOver(int step) => step >= steps.Count;

    public double ShareAt(int step) => IsOver(step) ? 1 : steps[step].Share;

    /// <summary>When the step ends, counted from the beginning of the return.</summary>
    public TimeSpan EndOf(int step) => TimeSpan.FromTicks(steps.Take(step + 1).Sum(one => one.For.Ticks));
}
