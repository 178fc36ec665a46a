using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>One flow that waits, as it stands now.</summary>
/// <param name="Flow">Which.</param>
/// <param name="Waiting">Recipients of it.</param>
/// <param name="IsBlocked">It stands in the line of a limit of its own.</param>
/// <param name="WantedSource">Only this source may take it until <paramref name="WantedUntil"/>, for a greylisting server has seen it; null when any may.</param>
/// <param name="WantedUntil">Wall clock.</param>
/// <param name="Limits">Limits of its own, whichever source it takes.</param>
internal sealed record FlowState(Flow Flow, int Waiting, bool IsBlocked, SourceId? WantedSource, DateTimeOffset? WantedUntil, IReadOnlyList<BindingLimit> Limits);
