using System.Runtime.CompilerServices;
using System.Text;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>Reads the event log, of this process or of another one. Holds no file open between reads.</summary>
/// <param name="directory">Where the log's files stand.</param>
internal sealed class EventReader(string directory)
{
    private readonly EventFiles _files = new(directory);

    /// <summary>The end of the log as it is now: what is written later stands behind it.</summary>
    public EventCursor End() => _files.Hours() switch
    {
        [] => default,
        [.., var hour] when File.Exists(_files.Lines(hour)) => new EventCursor(hour, new FileInfo(_files.Lines(hour)).Length),
        [.., var hour] => new EventCursor(new EventHour(hour.Value + 1), 0),
    };

    public EventScan Scan(EventFilter filter, EventCursor from = default) => new(_files, filter, from);

    public IEnumerable<EventRecord> Read(EventFilter filter, EventCursor from = default, CancellationToken stop = default) =>
        Scan(filter, from).Read(stop);

    /// <summary>Every step of the messages that a filter finds: what <c>trace</c> shows.</summary>
    /// <remarks>A Message-ID is looked up first; the steps are then found by message id, whether or not they name the header.</remarks>
    public IEnumerable<EventRecord> Trace(EventFilter filter, CancellationToken stop = default)
    {
        if (filter.HeaderMessageId is null || filter.Id is not null)
        {
            return Read(filter, default, stop);
        }

        var ids = Read(filter, default, stop).Select(IdOf).OfType<MessageId>().ToHashSet();
        return ids.SelectMany(id => Read(filter with { Id = id, HeaderMessageId = null }, default, stop));
    }

    /// <summary>Like <see cref="Read"/>, then waits for more until it is stopped.</summary>
    /// <param name="filter">What is wanted.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="log">The log of this process that is being written.</param>
    /// <param name="stop">Ends it.</param>
    public async IAsyncEnumerable<EventRecord> FollowAsync(
        EventFilter filter, EventCursor from, EventLog log, [EnumeratorCancellation] CancellationToken stop)
    {
        var scan = Scan(filter, from);
        while (true)
        {
            var more = log.NextLines;
            foreach (var record in scan.Read(stop))
            {
                yield return record;
            }

            await more.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private static MessageId? IdOf(EventRecord record)
    {
        Span<byte> scratch = stackalloc byte[64];
        var fields = new EventFieldReader(record.Json.Span);
        while (fields.Next())
        {
            if (fields.Name.SequenceEqual("id"u8))
            {
                return MessageId.TryParse(Encoding.UTF8.GetString(fields.Text(scratch)), out var id) ? id : null;
            }
        }

        return null;
    }
}
