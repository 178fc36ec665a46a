using System.Buffers.Text;
using System.Text;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152, 3030), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461), REQUIRETLS (RFC 8689), AUTH (RFC 4954 §5, ignored).</summary>
internal readonly record struct MailParameters(long Size, bool IsUtf8, ReturnContent Return, string? EnvelopeId)
{
    // RFC 3461 §4.4.
    private const int MaxEnvelopeId = 100;

    /// <summary>REQUIRETLS was said; whether it may be on this connection is the caller's to judge.</summary>
    public bool IsTlsRequired { get; init; }

    [Flags]
    private enum Seen : byte
    {
        None = 0,
        Size = 1,
        Body = 2,
        Utf8 = 4,
        Return = 8,
        EnvelopeId = 16,
        Auth = 32,
        RequireTls = 64,
    }

    /// <returns>Null when all are known, well formed and given once; else the refusal.</returns>
    public static Reply? Read(ReadOnlySpan<byte> text, out MailParameters parameters)
    {
        parameters = default;
        var reader = new ParameterReader(text);
        var seen = Seen.None;
        while (reader.MoveNext())
        {
            var key = KeyOf(reader.Key);
            if (key is Seen.None)
            {
                return Replies.UnknownParameter;
            }

            if ((seen & key) != 0 || reader.HasValue != (key is not (Seen.Utf8 or Seen.RequireTls)))
            {
                return Replies.BadParameter;
            }

            seen |= key;
            if (Take(key, reader.Value, ref parameters) is { } refusal)
            {
                return refusal;
            }
        }

        return reader.IsMalformed ? Replies.BadParameter : null;
    }

    private static Reply? Take(Seen key, ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        switch (key)
        {
            case Seen.Size when value.Length <= 20 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'):
                parameters = parameters with { Size = Utf8Parser.TryParse(value, out long size, out _) ? size : long.MaxValue };
                return null;
            case Seen.Body when Ascii.EqualsIgnoreCase(value, "7BIT"u8) || Ascii.EqualsIgnoreCase(value, "8BITMIME"u8):
                return null;
            case Seen.Body when Ascii.EqualsIgnoreCase(value, "BINARYMIME"u8):
                return Replies.Binary;
            case Seen.Utf8:
                parameters = parameters with { IsUtf8 = true };
                return null;
            case Seen.RequireTls:
                parameters = parameters with { IsTlsRequired = true };
                return null;
            case Seen.Return when Ascii.EqualsIgnoreCase(value, "FULL"u8):
                parameters = parameters with { Return = ReturnContent.Full };
                return null;
            case Seen.Return when Ascii.EqualsIgnoreCase(value, "HDRS"u8):
                parameters = parameters with { Return = ReturnContent.Headers };
                return null;
            case Seen.EnvelopeId when value.Length <= MaxEnvelopeId && Xtext.IsValid(value):
                parameters = parameters with { EnvelopeId = Encoding.ASCII.GetString(value) };
                return null;
            case Seen.Auth when value.SequenceEqual("<>"u8) || Xtext.IsValid(value):
                return null;
            default:
                return Replies.BadParameter;
        }
    }

    private static Seen KeyOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        3 when Ascii.EqualsIgnoreCase(key, "RET"u8) => Seen.Return,
        4 when Ascii.EqualsIgnoreCase(key, "SIZE"u8) => Seen.Size,
        4 when Ascii.EqualsIgnoreCase(key, "BODY"u8) => Seen.Body,
        4 when Ascii.EqualsIgnoreCase(key, "AUTH"u8) => Seen.Auth,
        5 when Ascii.EqualsIgnoreCase(key, "ENVID"u8) => Seen.EnvelopeId,
        8 when Ascii.EqualsIgnoreCase(key, "SMTPUTF8"u8) => Seen.Utf8,
        10 when Ascii.EqualsIgnoreCase(key, "REQUIRETLS"u8) => Seen.RequireTls,
        _ => Seen.None,
    };
}
