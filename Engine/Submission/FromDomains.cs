using Engine.Mail;

namespace Engine.Submission;

/// <summary>The domains of every address in a From field: a second author of another domain must be allowed, too.</summary>
internal static class FromDomains
{
    /// <param name="value">The field's value.</param>
    /// <param name="isAllowed">Judges one domain.</param>
    /// <returns>False as well when what follows the first address cannot be read.</returns>
    public static bool AreAll(ReadOnlySpan<byte> value, Func<DomainName, bool> isAllowed)
    {
        while (HeaderAddress.TryRead(value, out var address))
        {
            if (!isAllowed(address.Domain))
            {
                return false;
            }

            value = Behind(value, address);
            if (HeaderText.SkipBlanks(value, 0) == value.Length)
            {
                return true;
            }
        }

        return false;
    }

    // From behind the local part of an address to behind the comma or semicolon that ends its mailbox; a group's end may be followed by a comma.
    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> value, HeaderAddress address)
    {
        if (!value.Overlaps(address.Local, out var start))
        {
            return default;
        }

        var at = start + address.Local.Length;
        while (at >= 0 && at < value.Length)
        {
            switch (value[at])
            {
                case (byte)'"':
                    at = HeaderText.SkipQuoted(value, at);
                    break;
                case (byte)'(':
                    at = HeaderText.SkipBlanks(value, at);
                    break;
                case (byte)',' or (byte)';':
                    return value[(at + 1)..].TrimStart(",; \t\r\n"u8);
                default:
                    at++;
                    break;
            }
        }

        return default;
    }
}
