using System.Text;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The parameters of RCPT: NOTIFY and ORCPT. RFC 3461 §4.1, §4.2.</summary>
internal readonly record struct RcptParameters(Notify Notify, string? OriginalRecipient)
{
    private const int MaxOriginalRecipient = 500;

    /// <param name="text">What follows the path.</param>
    /// <param name="isUtf8">Whether the transaction is of RFC 6531: then ORCPT may hold UTF-8 (RFC 6533 §3).</param>
    /// <param name="parameters">What was asked for.</param>
    /// <returns>Null when all are known, well formed and given once; else the refusal.</returns>
    public static Reply? Read(ReadOnlySpan<byte> text, bool isUtf8, out RcptParameters parameters)
    {
        parameters = default;
        var reader = new ParameterReader(text);
        var (notify, original) = (Notify.None, default(string));
        while (reader.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(reader.Key, "NOTIFY"u8))
            {
                if (notify is not Notify.None || !TryReadNotify(reader.Value, out notify))
                {
                    return Replies.BadParameter;
                }
            }
            else if (Ascii.EqualsIgnoreCase(reader.Key, "ORCPT"u8))
            {
                if (original is not null || !IsOriginalRecipient(reader.Value, isUtf8))
                {
                    return Replies.BadParameter;
                }

                original = Encoding.UTF8.GetString(reader.Value);
            }
            else
            {
                return Replies.UnknownParameter;
            }
        }

        parameters = new RcptParameters(notify, original);
        return reader.IsMalformed ? Replies.BadParameter : null;
    }

    private static bool TryReadNotify(ReadOnlySpan<byte> value, out Notify notify)
    {
        notify = Notify.None;
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range];
            var wish = Ascii.EqualsIgnoreCase(word, "SUCCESS"u8) ? Notify.Success
                : Ascii.EqualsIgnoreCase(word, "FAILURE"u8) ? Notify.Failure
                : Ascii.EqualsIgnoreCase(word, "DELAY"u8) ? Notify.Delay
                : Ascii.EqualsIgnoreCase(word, "NEVER"u8) ? Notify.Never
                : Notify.None;
            if (wish is Notify.None)
            {
                return false;
            }

            notify |= wish;
        }

        return notify is not Notify.None && ((notify & Notify.Never) == 0 || notify is Notify.Never);
    }

    // addr-type ";" xtext
    private static bool IsOriginalRecipient(ReadOnlySpan<byte> value, bool isUtf8)
    {
        var semicolon = value.IndexOf((byte)';');
        if (semicolon <= 0 || value.Length > MaxOriginalRecipient || semicolon == value.Length - 1)
        {
            return false;
        }

        var type = value[..semicolon];
        var address = value[(semicolon + 1)..];
        return !type.ContainsAnyExceptInRange((byte)'!', (byte)'~')
            && (Xtext.IsValid(address)
                || (isUtf8 && Ascii.EqualsIgnoreCase(type, "utf-8"u8) && !address.ContainsAnyInRange((byte)0, (byte)' ') && System.Text.Unicode.Utf8.IsValid(address)));
    }
}
