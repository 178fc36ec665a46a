namespace Engine.Observability;

/// <summary>A line of the event log that was asked for.</summary>
/// <param name="Json">One JSON object in UTF-8, without a line end. A copy.</param>
/// <param name="Next">The place behind it, to go on from.</param>
internal sealed record EventRecord(ReadOnlyMemory<byte> Json, EventCursor Next);
