namespace Engine.Queue.Spool;

/// <summary>An order for many recipients, as it stands in generation 0.</summary>
/// <param name="Sequence">Of its frame.</param>
/// <param name="At">When it was given, in seconds since 1970.</param>
/// <param name="Order">What.</param>
internal sealed record KeptOrder(ulong Sequence, uint At, BulkOrder Order);
