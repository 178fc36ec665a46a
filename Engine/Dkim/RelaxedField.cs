using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>The relaxed form of a header field. RFC 6376 §3.4.2.</summary>
internal static class RelaxedField
{
    /// <summary>Writes name, colon, value and CRLF.</summary>
    /// <param name="field">No junk.</param>
    /// <param name="target">At least as long as the field as it stands, and two octets more.</param>
    /// <returns>Octets written.</returns>
    public static int Write(HeaderField field, Span<byte> target)
    {
        Ascii.ToLower(field.Name, target, out var length);
        target[length++] = (byte)':';
        length += WriteValue(field.Value, target[length..]);
        "\r\n"u8.CopyTo(target[length..]);
        return length + 2;
    }

    /// <summary>Writes a value unfolded, each run of blanks as one space, none at either end.</summary>
    public static int WriteValue(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var (length, isBlank) = (0, false);
        for (var at = 0; at < value.Length; at++)
        {
            var octet = value[at];
            if (octet is (byte)' ' or (byte)'\t')
            {
                isBlank = true;
                continue;
            }

            if (octet == '\r' && at + 1 < value.Length && value[at + 1] == '\n')
            {
                at++;
                continue;
            }

            if (isBlank && length > 0)
            {
                target[length++] = (byte)' ';
            }

            target[length++] = octet;
            isBlank = false;
        }

        return length;
    }
}
