using System.Buffers;

namespace Engine.Delivery.Smtp;

/// <summary>Walks over the lines of a reply: each one without its code, its separator and its line end.</summary>
internal ref struct ReplyLines(Reply reply)
{
    // A reply lies in one segment unless somebody reads from pipes; only then is it copied.
    private ReadOnlySpan<byte> _rest = reply.Lines.IsSingleSegment ? reply.Lines.FirstSpan : reply.Lines.ToArray();

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly ReplyLines GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOf((byte)'\n');
        var line = (end < 0 ? _rest : _rest[..end]).TrimEnd((byte)'\r');
        _rest = end < 0 ? default : _rest[(end + 1)..];
        Current = line.Length > 4 ? line[4..] : default;
        return true;
    }
}
