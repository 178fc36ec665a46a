using System.Globalization;

namespace Engine.Reputation.Brakes;

/// <summary>What a brake wants done, once for each crossing.</summary>
/// <param name="Action">What.</param>
/// <param name="Subject">To whom.</param>
/// <param name="Rule">Which brake.</param>
/// <param name="Bad">Hard bounces or complaints in the window.</param>
/// <param name="Of">What they are a share of; above 0.</param>
/// <param name="Threshold">The share that was reached.</param>
/// <param name="Window">How far back was looked.</param>
/// <param name="At">When.</param>
internal readonly record struct BrakeDecision(BrakeAction Action, BrakeSubject Subject, BrakeRule Rule, long Bad, long Of, double Threshold, TimeSpan Window, DateTimeOffset At)
{
    public double Rate => (double)Bad / Of;

    /// <summary>For events: <c>brakes/complaint</c>.</summary>
    public string RuleName => Rule is BrakeRule.Complaint ? "brakes/complaint" : "brakes/hardBounce";

    /// <summary>The numbers in words.</summary>
    public string Reason => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bad} {(Rule is BrakeRule.Complaint ? "complaints about" : "hard bounces of")} {Of} within {Window.TotalHours:0.##} h: {Rate:0.####}, from {Threshold:0.####} on it is {(Action is BrakeAction.Warn ? "warned of" : "paused")}");
}
