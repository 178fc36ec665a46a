namespace Engine.Scheduling;

/// <summary>Why mail of one pool waits at one destination. A copy: nothing in it changes.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Operator">Whose rules hold.</param>
/// <param name="Waiting">Recipients of the pool that wait here.</param>
/// <param name="WaitingForSource">Of those, for a wanted source.</param>
/// <param name="FlowWaiting">Recipients of the flow; 0 when none was asked for.</param>
/// <param name="IsFlowBlocked">The flow stands in the line of a limit of its own.</param>
/// <param name="FlowLimits">Limits of the flow.</param>
/// <param name="Flows">The flow that was asked for, once for each queue it waits in; when none was, all that limits of their own bind.</param>
/// <param name="Lanes">Lanes of the pool's sources; those never used yet with their weight alone.</param>
/// <param name="Total">Workers of the whole engine, and their maximum.</param>
internal sealed record Explanation(
    string Destination,
    string Operator,
    int Waiting,
    int WaitingForSource,
    int FlowWaiting,
    bool IsFlowBlocked,
    IReadOnlyList<BindingLimit> FlowLimits,
    IReadOnlyList<FlowState> Flows,
    IReadOnlyList<LaneState> Lanes,
    (int Open, int Maximum) Total);
