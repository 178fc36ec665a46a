namespace Engine.Queue.Waiting;

/// <summary>What many messages have in common.</summary>
/// <param name="Flow">Interned flow.</param>
/// <param name="Lifetime">One more than the seconds from the accept to the message's own give-up; 0 for none.</param>
internal readonly record struct Terms(int Flow, uint Lifetime);
