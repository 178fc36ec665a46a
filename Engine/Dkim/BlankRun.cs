using System.Numerics;
using System.Runtime.InteropServices;

namespace Engine.Dkim;

/// <summary>Finds where relaxed canonicalisation would change a line, many octets at a time.</summary>
internal static class BlankRun
{
    /// <summary>The first tab, or space before a space, tab or CR; the length when there is none. A space at the very end is not looked at.</summary>
    public static int FirstChange(ReadOnlySpan<byte> text)
    {
        var at = 0;
        var width = Vector<byte>.Count;
        ref var start = ref MemoryMarshal.GetReference(text);
        while (at < text.Length - width)
        {
            var here = Vector.LoadUnsafe(ref start, (nuint)at);
            var next = Vector.LoadUnsafe(ref start, (nuint)(at + 1));
            var blankNext = Vector.Equals(next, new Vector<byte>((byte)' '))
                | Vector.Equals(next, new Vector<byte>((byte)'\r'))
                | Vector.Equals(next, new Vector<byte>((byte)'\t'));
            var found = Vector.Equals(here, new Vector<byte>((byte)'\t')) | (Vector.Equals(here, new Vector<byte>((byte)' ')) & blankNext);
            if (found != Vector<byte>.Zero)
            {
                break;
            }

            at += width;
        }

        return at + FirstChangeByOctet(text[at..]);
    }

    private static int FirstChangeByOctet(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\t' || (text[at] == ' ' && at + 1 < text.Length && text[at + 1] is (byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                return at;
            }
        }

        return text.Length;
    }
}
