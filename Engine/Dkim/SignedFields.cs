using System.Text;

namespace Engine.Dkim;

/// <summary>Which header fields are signed, and which are signed once more than they occur so that none can be added (RFC 6376 §5.4.2, §8.15).</summary>
/// <remarks>
/// RFC 6376 §5.4.1 less what lists and relays add or change; List-Unsubscribe-Post by RFC 8058 §3, CFBL fields by RFC 9477 §3.1,
/// Feedback-ID because Google reads it only when signed. Resent fields may come again on the way, so none is closed against it.
/// </remarks>
internal static class SignedFields
{
    private enum Extra : byte
    {
        Never,
        WhenPresent,
        Always,
    }

    private static readonly (byte[] Name, Extra Extra)[] Table =
    [
        ("from"u8.ToArray(), Extra.Always),
        ("to"u8.ToArray(), Extra.Always),
        ("cc"u8.ToArray(), Extra.Always),
        ("subject"u8.ToArray(), Extra.Always),
        ("date"u8.ToArray(), Extra.Always),
        ("message-id"u8.ToArray(), Extra.Always),
        ("reply-to"u8.ToArray(), Extra.Always),
        ("sender"u8.ToArray(), Extra.WhenPresent),
        ("mime-version"u8.ToArray(), Extra.WhenPresent),
        ("content-type"u8.ToArray(), Extra.WhenPresent),
        ("content-transfer-encoding"u8.ToArray(), Extra.WhenPresent),
        ("in-reply-to"u8.ToArray(), Extra.WhenPresent),
        ("references"u8.ToArray(), Extra.WhenPresent),
        ("list-id"u8.ToArray(), Extra.WhenPresent),
        ("list-unsubscribe"u8.ToArray(), Extra.WhenPresent),
        ("list-unsubscribe-post"u8.ToArray(), Extra.WhenPresent),
        ("list-help"u8.ToArray(), Extra.WhenPresent),
        ("list-post"u8.ToArray(), Extra.WhenPresent),
        ("list-owner"u8.ToArray(), Extra.WhenPresent),
        ("list-archive"u8.ToArray(), Extra.WhenPresent),
        ("list-subscribe"u8.ToArray(), Extra.WhenPresent),
        ("feedback-id"u8.ToArray(), Extra.WhenPresent),
        ("cfbl-address"u8.ToArray(), Extra.WhenPresent),
        ("cfbl-feedback-id"u8.ToArray(), Extra.WhenPresent),
        ("resent-date"u8.ToArray(), Extra.Never),
        ("resent-from"u8.ToArray(), Extra.Never),
        ("resent-to"u8.ToArray(), Extra.Never),
        ("resent-cc"u8.ToArray(), Extra.Never),
        ("resent-message-id"u8.ToArray(), Extra.Never),
    ];

    /// <summary>Octets of the longest name.</summary>
    public const int LongestName = 25;

    /// <summary>Place of From in the table.</summary>
    public const int From = 0;

    public static int Count => Table.Length;

    /// <summary>Place in the table, −1 for a field that is not signed.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < Table.Length; at++)
        {
            if (Table[at].Name.Length == name.Length && Ascii.EqualsIgnoreCase(Table[at].Name, name))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The name in lower case.</summary>
    public static ReadOnlySpan<byte> Name(int index) => Table[index].Name;

    /// <summary>How often the name stands in h= when the field stands so often in the head.</summary>
    public static int Listed(int index, int present) => Table[index].Extra switch
    {
        Extra.Always => present + 1,
        Extra.WhenPresent when present > 0 => present + 1,
        _ => present,
    };
}
