namespace Engine.Observability;

/// <summary>Cuts a stream into lines. What has no line end is not a line yet and is never returned.</summary>
/// <param name="stream">Read from where it stands; the caller's.</param>
internal sealed class EventLineReader(Stream stream)
{
    private byte[] _buffer = new byte[128 << 10];
    private int _start;
    private int _end;

    /// <summary>Octets of the lines returned so far, line ends included.</summary>
    public long Consumed { get; private set; }

    /// <param name="line">Without its end; borrowed until the next call.</param>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = _buffer.AsMemory(_start, searched + end);
                _start += line.Length + 1;
                Consumed += line.Length + 1;
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}
