namespace Engine.Tests.Delivery.Smtp;

/// <summary>A receiver after the letter of RFC 5321 §4.1.1.4 and §4.5.2: only CRLF.CRLF ends, one leading dot is taken off.</summary>
internal static class StrictDotReader
{
    /// <summary>Un-stuffs one message. Null when it does not end, or octets follow its end.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> wire)
    {
        var content = new List<byte>();
        while (true)
        {
            var end = wire.IndexOf("\r\n"u8);
            if (end < 0)
            {
                return null;
            }

            var line = wire[..end];
            wire = wire[(end + 2)..];
            if (line is [(byte)'.'])
            {
                return wire.IsEmpty ? [.. content] : null;
            }

            content.AddRange(line is [(byte)'.', .. var rest] ? rest : line);
            content.AddRange("\r\n"u8);
        }
    }
}
