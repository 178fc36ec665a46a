using Engine.Classification;

namespace Engine.Feedback;

/// <summary>What follows from an outcome.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Due">When it may go again, for <see cref="OutcomeAction.Return"/> and <see cref="OutcomeAction.Defer"/>.</param>
/// <param name="Judgement">What the reply means; default for what needs none.</param>
/// <param name="WantsSameSource">It was greylisted: the source it came from should come again.</param>
internal readonly record struct OutcomeDecision(OutcomeAction Action, DateTimeOffset Due, Judgement Judgement, bool WantsSameSource = false)
{
    /// <summary>It was throttled, and control knows until when: no attempt is counted.</summary>
    public bool IsUncounted { get; init; }
}
