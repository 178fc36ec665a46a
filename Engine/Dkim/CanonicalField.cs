using Engine.Mail;

namespace Engine.Dkim;

/// <summary>A header field in either canonical form. RFC 6376 §3.4.1, §3.4.2.</summary>
internal static class CanonicalField
{
    /// <summary>Writes the field and CRLF.</summary>
    /// <param name="field">No junk.</param>
    /// <param name="canonicalization">Which rules.</param>
    /// <param name="target">At least as long as the field as it stands, and two octets more.</param>
    /// <returns>Octets written.</returns>
    public static int Write(HeaderField field, Canonicalization canonicalization, Span<byte> target)
    {
        if (canonicalization is Canonicalization.Relaxed)
        {
            return RelaxedField.Write(field, target);
        }

        // On the wire the last line of a block gets its CRLF in any case.
        field.Raw.CopyTo(target);
        var length = field.Raw.Length;
        if (!field.Raw.EndsWith("\r\n"u8))
        {
            "\r\n"u8.CopyTo(target[length..]);
            length += 2;
        }

        return length;
    }
}
