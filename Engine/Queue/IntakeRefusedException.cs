namespace Engine.Queue;

/// <summary>The queue takes no mail now, for a reason of its own: answer 452 4.3.1. The message is the reason.</summary>
internal sealed class IntakeRefusedException(string message, Exception? inner = null) : Exception(message, inner);
