using System.Text;
using System.Text.Json;

namespace Engine.Observability;

/// <summary>A filter made ready to look at lines. Not thread-safe.</summary>
internal sealed class EventMatcher
{
    /// <summary>Octets of a value that can be looked for; no address and no Message-ID that fits a line is longer.</summary>
    public const int MaxValue = 2_048;

    private readonly byte[]? _id;
    private readonly byte[]? _to;
    private readonly byte[]? _header;
    private readonly byte[]? _since;
    private readonly byte[]? _until;
    private readonly byte[][]? _kinds;

    public EventMatcher(EventFilter filter)
    {
        _id = Octets(filter.Id?.ToString());
        _to = Octets(filter.To);
        _header = Octets(filter.HeaderMessageId?.Trim('<', '>'));
        _since = Octets(filter.Since is { } since ? Timestamp.Format(since) : null);
        _until = Octets(filter.Until is { } until ? Timestamp.Format(until) : null);
        _kinds = filter.Kinds?.Select(kind => EventFields.NameOf(kind).EncodedUtf8Bytes.ToArray()).ToArray();
        Key = _id is not null ? EventKeys.OfId(_id)
            : _header is not null ? EventKeys.OfHeader(_header)
            : _to is not null ? EventKeys.OfRecipient(_to)
            : null;
    }

    /// <summary>What the index knows of it; null when only reading everything helps.</summary>
    public ulong? Key { get; }

    /// <param name="line">Without its end. A damaged line never matches.</param>
    public bool Matches(ReadOnlySpan<byte> line)
    {
        if (_id is not null && line.IndexOf(_id) < 0)
        {
            return false;
        }

        try
        {
            return MatchesFields(line);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[]? Octets(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private bool MatchesFields(ReadOnlySpan<byte> line)
    {
        var (id, to, header, time, kind) = (_id is null, _to is null, _header is null, false, _kinds is null);
        Span<byte> scratch = stackalloc byte[MaxValue];
        var fields = new EventFieldReader(line);
        while (fields.Next())
        {
            switch (fields.Name)
            {
                case var name when !id && name.SequenceEqual("id"u8):
                    id = fields.Is(_id);
                    break;
                case var name when !to && name.SequenceEqual("to"u8):
                    to = Ascii.EqualsIgnoreCase(fields.Text(scratch), _to) || fields.Is(_to);
                    break;
                case var name when !header && name.SequenceEqual("messageId"u8):
                    header = fields.Is(_header);
                    break;
                case var name when name.SequenceEqual("time"u8):
                    time = IsInTime(fields.Text(scratch));
                    break;
                case var name when !kind && name.SequenceEqual("event"u8):
                    kind = IsKind(fields);
                    break;
                default:
                    break;
            }
        }

        return id && to && header && time && kind;
    }

    private bool IsInTime(ReadOnlySpan<byte> time) =>
        time.Length == Timestamp.Length
        && (_since is null || time.SequenceCompareTo(_since) >= 0)
        && (_until is null || time.SequenceCompareTo(_until) < 0);

    private bool IsKind(EventFieldReader fields)
    {
        foreach (var kind in _kinds!)
        {
            if (fields.Is(kind))
            {
                return true;
            }
        }

        return false;
    }
}
