using System.Buffers;
using System.Text;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Octets in one or several segments.</summary>
internal static class Bytes
{
    public static ReadOnlySequence<byte> Whole(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Two segments that meet at <paramref name="cut"/>.</summary>
    public static ReadOnlySequence<byte> Cut(string text, int cut) => Cut(Encoding.Latin1.GetBytes(text), cut);

    public static ReadOnlySequence<byte> Cut(byte[] octets, params ReadOnlySpan<int> cuts)
    {
        var first = new Segment(octets.AsMemory(0, cuts.IsEmpty ? octets.Length : cuts[0]), null);
        var last = first;
        for (var at = 0; at < cuts.Length; at++)
        {
            var end = at + 1 < cuts.Length ? cuts[at + 1] : octets.Length;
            last = new Segment(octets.AsMemory(cuts[at]..end), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
