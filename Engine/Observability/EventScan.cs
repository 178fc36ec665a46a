namespace Engine.Observability;

/// <summary>Goes through the event log in the order of writing, and can go on where it stopped. One thread at a time.</summary>
/// <param name="files">The log's files.</param>
/// <param name="filter">What is wanted.</param>
/// <param name="from">Where to begin.</param>
internal sealed class EventScan(EventFiles files, EventFilter filter, EventCursor from)
{
    private readonly EventMatcher _matcher = new(filter);

    /// <summary>Behind the last line that was looked at, wanted or not.</summary>
    public EventCursor Position { get; private set; } = from;

    /// <summary>Everything wanted up to the end of the log as it is now.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="InvalidDataException">A compressed file is damaged.</exception>
    public IEnumerable<EventRecord> Read(CancellationToken stop)
    {
        foreach (var hour in files.Hours().Where(IsWanted))
        {
            var offset = hour == Position.Hour ? Position.Offset : 0;
            foreach (var segment in new EventHourReader(files, hour).Segments(offset, _matcher.Key))
            {
                using (segment)
                {
                    foreach (var record in Read(hour, segment, offset, stop))
                    {
                        yield return record;
                    }
                }
            }
        }
    }

    private IEnumerable<EventRecord> Read(EventHour hour, EventSegment segment, long offset, CancellationToken stop)
    {
        var reader = new EventLineReader(segment.Lines);
        while (reader.TryRead(out var line))
        {
            stop.ThrowIfCancellationRequested();
            var next = segment.Offset + reader.Consumed;
            if (next <= offset)
            {
                continue;
            }

            Position = new EventCursor(hour, next);
            if (_matcher.Matches(line.Span))
            {
                yield return new EventRecord(line.ToArray(), Position);
            }
        }
    }

    // An event stands in the file of the hour it was written in, which may be the one after its own time.
    private bool IsWanted(EventHour hour) =>
        hour >= Position.Hour
        && (filter.Since is not { } since || hour.Value >= EventHour.Of(since).Value - 1)
        && (filter.Until is not { } until || hour.Value <= EventHour.Of(until).Value + 1);
}
