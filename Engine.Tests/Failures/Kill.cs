namespace Engine.Tests.Failures;

/// <summary>One SIGKILL: the process died somewhere between the two times.</summary>
internal readonly record struct Kill(DateTimeOffset Before, DateTimeOffset After);
