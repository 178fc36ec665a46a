namespace Engine.Tests.Failures.Crash;

/// <summary>The queue broke a promise.</summary>
internal sealed class CrashLabException(string message, Exception? inner = null) : Exception(message, inner);
