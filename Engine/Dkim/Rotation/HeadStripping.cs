using System.Buffers;
using System.Text;
using Engine.Mail;

namespace Engine.Dkim.Rotation;

/// <summary>Takes the signatures of withdrawn keys out of a head, so that it can be signed again without its content.</summary>
internal static class HeadStripping
{
    /// <summary>Copies a head without the signatures whose d= and s= are withdrawn. All other fields stay, octet by octet and in order.</summary>
    /// <param name="head">With the empty line that ends it.</param>
    /// <param name="book">Says which are withdrawn.</param>
    /// <param name="output">Takes the head, empty line and all.</param>
    /// <param name="body">How the body was made canonical for the first signature taken out: its hash is good for that alone.</param>
    /// <returns>How many were taken out.</returns>
    public static int Strip(ReadOnlySpan<byte> head, RotationBook book, IBufferWriter<byte> output, out Canonicalization body)
    {
        body = Canonicalization.Relaxed;
        var taken = 0;
        var from = 0;
        foreach (var field in new HeaderWalker(head))
        {
            if (field.Is("DKIM-Signature"u8) && IsWithdrawn(field, book, out var canonical))
            {
                output.Write(head[from..field.Offset]);
                from = field.Offset + field.Raw.Length;
                body = taken++ == 0 ? canonical : body;
            }
        }

        output.Write(head[from..]);
        return taken;
    }

    private static bool IsWithdrawn(HeaderField field, RotationBook book, out Canonicalization body)
    {
        body = Canonicalization.Relaxed;
        if (!TagList.TryParse(Encoding.UTF8.GetString(field.Value), out var tags)
            || !tags.TryGetValue("d", out var domain)
            || !tags.TryGetValue("s", out var selector)
            || !book.IsWithdrawn(domain, selector))
        {
            return false;
        }

        // RFC 6376 §3.5, c=: simple where nothing else is said.
        body = tags.GetValueOrDefault("c", string.Empty).EndsWith("/relaxed", StringComparison.Ordinal) ? Canonicalization.Relaxed : Canonicalization.Simple;
        return true;
    }
}
