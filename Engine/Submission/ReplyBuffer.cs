using System.Globalization;
using System.Text;

namespace Engine.Submission;

/// <summary>Replies that wait to be sent together: all answers of a pipelined group leave in one packet. RFC 2920 §3.2.</summary>
internal sealed class ReplyBuffer
{
    private byte[] _octets = new byte[256];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Write(Reply reply)
    {
        var rest = reply.Text.AsSpan();
        while (true)
        {
            var line = rest.IndexOf('\n');
            WriteLine(reply, line < 0 ? rest : rest[..line], isLast: line < 0);
            if (line < 0)
            {
                return;
            }

            rest = rest[(line + 1)..];
        }
    }

    private void WriteLine(Reply reply, ReadOnlySpan<char> text, bool isLast)
    {
        var target = Room(text.Length + 20);
        _ = reply.Code.TryFormat(target, out var at, default, CultureInfo.InvariantCulture);
        target[at++] = isLast ? (byte)' ' : (byte)'-';
        if (reply.Enhanced.IsPresent)
        {
            at += Number(target[at..], reply.Enhanced.Class, (byte)'.');
            at += Number(target[at..], reply.Enhanced.Subject, (byte)'.');
            at += Number(target[at..], reply.Enhanced.Detail, (byte)' ');
        }

        at += Encoding.ASCII.GetBytes(text, target[at..]);
        target[at++] = (byte)'\r';
        target[at++] = (byte)'\n';
        Length += at;
    }

    private static int Number(Span<byte> target, ushort value, byte end)
    {
        _ = value.TryFormat(target, out var length, default, CultureInfo.InvariantCulture);
        target[length] = end;
        return length + 1;
    }

    private Span<byte> Room(int count)
    {
        if (_octets.Length - Length < count)
        {
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + count));
        }

        return _octets.AsSpan(Length);
    }
}
