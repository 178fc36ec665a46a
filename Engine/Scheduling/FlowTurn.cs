using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Whose turn it is for a lane.</summary>
/// <param name="Flow">Null when nothing may go.</param>
/// <param name="Queue">Where it stands.</param>
/// <param name="Engagement">Which of its recipients.</param>
internal readonly record struct FlowTurn(FlowQueue? Flow, ReadyQueue Queue, Engagement Engagement);
