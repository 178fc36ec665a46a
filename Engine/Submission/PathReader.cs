using System.Text;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Reads the path of MAIL and RCPT: <c>FROM:&lt;@a,@b:user@c.example&gt; PARAMETERS</c>. RFC 5321 §4.1.2.</summary>
internal static class PathReader
{
    /// <summary>Parts a command's argument into address and parameters, without judging either.</summary>
    /// <param name="argument">Of MAIL or RCPT.</param>
    /// <param name="keyword"><c>FROM:</c> or <c>TO:</c>. A blank behind it is tolerated, as everybody does.</param>
    /// <param name="path">What stands between the brackets, a source route taken off (RFC 5321 §4.1.1.3, appendix C).</param>
    /// <param name="parameters">What follows them.</param>
    public static bool TrySplit(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> keyword, out ReadOnlySpan<byte> path, out ReadOnlySpan<byte> parameters)
    {
        path = default;
        parameters = default;
        if (argument.Length < keyword.Length || !Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
        {
            return false;
        }

        var rest = argument[keyword.Length..].TrimStart((byte)' ');
        var end = rest is [(byte)'<', ..] ? End(rest) : -1;
        if (end < 0 || (end + 1 < rest.Length && rest[end + 1] != ' '))
        {
            return false;
        }

        path = WithoutRoute(rest[1..end]);
        parameters = rest[(end + 1)..];
        return true;
    }

    /// <summary>Makes a mailbox that owns its octets. A domain beyond ASCII becomes A-labels where the local part allows: then any server takes it.</summary>
    public static bool TryMake(ReadOnlySpan<byte> path, bool allowUtf8, out Mailbox mailbox)
    {
        if (!Mailbox.TryParse(path.ToArray(), allowUtf8, out mailbox))
        {
            return false;
        }

        return mailbox.IsAscii
            || !Ascii.IsValid(mailbox.Local)
            || Mailbox.TryParse((byte[])[.. mailbox.Local, (byte)'@', .. Encoding.ASCII.GetBytes(mailbox.Domain.Name)], allowUtf8: false, out mailbox);
    }

    /// <summary>Whether the domain is written as an address: <c>user@[192.0.2.1]</c>.</summary>
    public static bool IsLiteral(ReadOnlySpan<byte> path) => path is [.., (byte)']'] && path.LastIndexOf("@["u8) >= 0;

    // The bracket that closes, not one inside quotes.
    private static int End(ReadOnlySpan<byte> text)
    {
        var isQuoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)'\\' when isQuoted:
                    at++;
                    break;
                case (byte)'>' when !isQuoted:
                    return at;
                default:
                    break;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> WithoutRoute(ReadOnlySpan<byte> path)
    {
        var colon = path is [(byte)'@', ..] ? path.IndexOf((byte)':') : -1;
        return path[(colon + 1)..];
    }
}
