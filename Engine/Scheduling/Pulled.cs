namespace Engine.Scheduling;

/// <summary>What a worker pulled: recipients of one message, each with its tokens taken.</summary>
/// <param name="Pool">The pool that was pulled for.</param>
/// <param name="MessagesPerConnection">The lane's limit for that pool; <see cref="int.MaxValue"/> for none.</param>
/// <param name="Count">Items written to the caller's buffer.</param>
internal readonly record struct Pulled(string Pool, int MessagesPerConnection, int Count);
