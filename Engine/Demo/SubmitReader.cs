using System.Text;
using Engine.Wire;

namespace Engine.Demo;

/// <summary>Reads replies off a connection, several lines as one.</summary>
internal sealed class SubmitReader(Connection connection, TimeSpan patience)
{
    private readonly byte[] _buffer = new byte[8_192];
    private int _start;
    private int _end;

    /// <returns>Code and text of the last line; code 0 when the connection broke or what came is no reply.</returns>
    public async ValueTask<(int Code, string Text)> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            var line = await ReadLineAsync(stop);
            if (line is null || line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code))
            {
                return (0, string.Empty);
            }

            if (line.Length == 3 || line[3] != '-')
            {
                return (code, line[Math.Min(4, line.Length)..]);
            }
        }
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken stop)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length || await connection.ReceiveAsync(_buffer.AsMemory(_end), patience, stop) is not { Fault: WireFault.None } received)
            {
                return null;
            }

            _end += received.Count;
        }
    }
}
