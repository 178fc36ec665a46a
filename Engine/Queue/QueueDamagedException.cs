namespace Engine.Queue;

/// <summary>The log cannot be opened without losing what it promised. The message names the file and what to do.</summary>
internal sealed class QueueDamagedException(string message, Exception? inner = null) : Exception(message, inner);
