namespace Engine.Mail;

/// <summary>Reads the Message-ID field (RFC 5322 §3.6.4).</summary>
internal static class HeaderMessageId
{
    /// <summary>Octets kept at most: a line of RFC 5322 §2.1.1 holds no more.</summary>
    public const int MaxLength = 998;

    /// <summary>The id without its brackets, borrowed from the head. False when there is none, or it holds blanks, controls or brackets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (!HeaderWalker.TryFind(head, "Message-ID"u8, out var field))
        {
            return false;
        }

        var start = HeaderText.SkipBlanks(field.Value, 0);
        if (start < 0)
        {
            return false;
        }

        // Ids without brackets are seen; the rest of the field is then the id.
        var text = field.Value[start..];
        var isBracketed = text is [(byte)'<', ..];
        var length = isBracketed ? text.IndexOf((byte)'>') - 1 : text.TrimEnd(" \t\r\n"u8).Length;
        if (length is <= 0 or > MaxLength)
        {
            return false;
        }

        id = isBracketed ? text.Slice(1, length) : text[..length];
        return !id.ContainsAnyInRange((byte)0, (byte)' ') && !id.ContainsAny("<>\u007f"u8);
    }
}
