using Engine.Queue;

namespace Engine.Submission;

/// <summary>A message that was let in.</summary>
/// <param name="Message">For the queue. Its memory may be reused once the store is done.</param>
/// <param name="IsHeld">Taken, but not to be sent until an operator releases it: the account is in review, or paused.</param>
internal sealed record Admitted(NewMessage Message, bool IsHeld);
