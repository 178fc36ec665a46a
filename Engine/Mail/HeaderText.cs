namespace Engine.Mail;

/// <summary>Steps over the tokens of structured fields (RFC 5322 §3.2). All take the place they start at and give the place behind, or −1 when the token does not end.</summary>
internal static class HeaderText
{
    /// <summary>Blanks, line ends and comments, nested ones too (CFWS).</summary>
    public static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at >= 0 && at < text.Length)
        {
            switch (text[at])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    at++;
                    break;
                case (byte)'(':
                    at = SkipComment(text, at);
                    break;
                default:
                    return at;
            }
        }

        return at;
    }

    /// <summary>From the opening quote to behind the closing one.</summary>
    public static int SkipQuoted(ReadOnlySpan<byte> text, int at)
    {
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\':
                    at++;
                    break;
                default:
                    break;
            }
        }

        return -1;
    }

    /// <summary>A run of octets that are neither blank nor special; dots belong to it, octets above 127 too (RFC 6532), a stray closing mark too.</summary>
    public static int SkipAtom(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'(' or (byte)'"'
            or (byte)'<' or (byte)'>' or (byte)'@' or (byte)',' or (byte)':' or (byte)';' or (byte)'['))
        {
            at++;
        }

        return at;
    }

    private static int SkipComment(ReadOnlySpan<byte> text, int at)
    {
        for (var depth = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'\\':
                    at++;
                    break;
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')' when --depth == 0:
                    return at + 1;
                default:
                    break;
            }
        }

        return -1;
    }
}
