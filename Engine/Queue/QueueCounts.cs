namespace Engine.Queue;

/// <summary>Recipients by place. <c>Queued</c> is the sum of all the others.</summary>
internal readonly record struct QueueCounts(long Queued, long Ready, long Deferred, long Held, long InFlight, long Scheduled);
