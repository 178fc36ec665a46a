using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Mail;

/// <summary>
/// Makes and opens tokens: 40 octets, the last 9 of them HMAC-SHA256 over the others, as 64 characters of Crockford's base32, which is what a local part
/// holds (RFC 5321 §4.5.3.1.1). Lower case is written, either case is read: servers on the way fold it. Thread-safe; allocates nothing but the string of
/// <see cref="Seal(in ReturnToken)"/>.
/// </summary>
/// <remarks>
/// Octets: version (3 bits), purpose (2), mark of the key (3) · message id 8 · recipient 12 · account 4 · stream 2 · day 2 · campaign 2 · MAC 9. The mark is a digest of the
/// key's name, so keys come and go without a number moving; where two keys share a mark both are tried. 72 bits of MAC: a million guesses a second hit
/// once in 150 million years.
/// </remarks>
internal sealed class TokenRing
{
    /// <summary>Characters of a token.</summary>
    public const int TextLength = 64;

    /// <summary>Keys a ring can hold.</summary>
    public const int MaxKeys = 8;

    /// <summary>Octets a secret needs at least.</summary>
    public const int MinSecret = 32;

    private const int Length = 40;
    private const int MacLength = 9;
    private const int Signed = Length - MacLength;
    private const int Version = 1;

    private readonly Key[] _keys;
    private readonly Key _active;

    /// <param name="keys">At most 8, names unique; the same on every host of a fleet.</param>
    /// <param name="active">Name of the one that signs.</param>
    public TokenRing(IReadOnlyList<(string Name, byte[] Secret)> keys, string active)
    {
        if (keys.Count > MaxKeys || keys.Any(key => key.Secret.Length < MinSecret))
        {
            throw new ArgumentException($"at most {MaxKeys} keys of at least {MinSecret} octets", nameof(keys));
        }

        _keys = [.. keys.Select(key => new Key(MarkOf(key.Name), Derive(key.Secret)))];
        var at = keys.Select(key => key.Name).ToList().IndexOf(active);
        _active = at >= 0 ? _keys[at] : throw new ArgumentException($"no key '{active}'", nameof(active));
    }

    private readonly record struct Key(byte Mark, byte[] Secret);

    // Value of the letters a–z; i, l, o and u are none.
    private static ReadOnlySpan<byte> Letters =>
        [10, 11, 12, 13, 14, 15, 16, 17, 255, 18, 19, 255, 20, 21, 255, 22, 23, 24, 25, 26, 255, 27, 28, 29, 30, 31];

    /// <summary>The token as text.</summary>
    public string Seal(in ReturnToken token)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Seal(token, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the token as ASCII octets.</summary>
    /// <param name="token">What it says.</param>
    /// <param name="target">At least <see cref="TextLength"/> octets.</param>
    /// <returns>Octets written: always <see cref="TextLength"/>.</returns>
    public int Seal(in ReturnToken token, Span<byte> target)
    {
        Span<byte> octets = stackalloc byte[Length];
        octets[0] = (byte)((Version << 5) | ((int)token.Purpose << 3) | _active.Mark);
        BinaryPrimitives.WriteUInt64BigEndian(octets[1..], token.Id.Value);
        token.Recipient.WriteTo(octets[9..]);
        BinaryPrimitives.WriteUInt32BigEndian(octets[21..], token.Stream.Account);
        BinaryPrimitives.WriteUInt16BigEndian(octets[25..], token.Stream.Stream);
        BinaryPrimitives.WriteUInt16BigEndian(octets[27..], token.Day);
        BinaryPrimitives.WriteUInt16BigEndian(octets[29..], token.Campaign);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_active.Secret, octets[..Signed], mac);
        mac[..MacLength].CopyTo(octets[Signed..]);
        Encode(octets, target);
        return TextLength;
    }

    /// <summary>Opens what may be a token.</summary>
    /// <param name="text">A local part, a path segment, the value of a header; nothing around it.</param>
    /// <param name="purpose">What it is presented for.</param>
    /// <param name="now">A token says the day it was made; one from a later day than tomorrow is forged.</param>
    /// <param name="lifetime">Believed until the end of its day and this much more.</param>
    /// <param name="token">What it says; only with <see cref="TokenVerdict.Good"/> and <see cref="TokenVerdict.Expired"/>.</param>
    public TokenVerdict TryOpen(ReadOnlySpan<byte> text, TokenPurpose purpose, DateTimeOffset now, TimeSpan lifetime, out ReturnToken token)
    {
        token = default;
        Span<byte> octets = stackalloc byte[Length];
        if (text.Length != TextLength || !TryDecode(text, octets) || octets[0] >> 5 != Version)
        {
            return TokenVerdict.NotOurs;
        }

        if (((octets[0] >> 3) & 3) != (int)purpose || !IsSigned(octets))
        {
            return TokenVerdict.Forged;
        }

        var stream = new StreamKey(BinaryPrimitives.ReadUInt32BigEndian(octets[21..]), BinaryPrimitives.ReadUInt16BigEndian(octets[25..]));
        var made = new ReturnToken(
            purpose, new MessageId(BinaryPrimitives.ReadUInt64BigEndian(octets[1..])), AddressDigest.Read(octets[9..]), stream, BinaryPrimitives.ReadUInt16BigEndian(octets[27..]))
        {
            Campaign = BinaryPrimitives.ReadUInt16BigEndian(octets[29..]),
        };
        if (made.Day > ReturnToken.DayOf(now) + 1)
        {
            return TokenVerdict.Forged;
        }

        token = made;
        return now - MessageId.Epoch >= TimeSpan.FromDays(made.Day + 1) + lifetime ? TokenVerdict.Expired : TokenVerdict.Good;
    }

    private bool IsSigned(ReadOnlySpan<byte> octets)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in _keys)
        {
            if (key.Mark != (octets[0] & 7))
            {
                continue;
            }

            HMACSHA256.HashData(key.Secret, octets[..Signed], mac);
            if (CryptographicOperations.FixedTimeEquals(mac[..MacLength], octets[Signed..]))
            {
                return true;
            }
        }

        return false;
    }

    // A file may serve other uses too: tokens get a key of their own from it.
    private static byte[] Derive(byte[] secret) => HMACSHA256.HashData(secret, "engine return token"u8);

    private static byte MarkOf(string name) => (byte)(SHA256.HashData(Encoding.UTF8.GetBytes(name))[0] & 7);

    private static void Encode(ReadOnlySpan<byte> octets, Span<byte> text)
    {
        var alphabet = "0123456789abcdefghjkmnpqrstvwxyz"u8;
        for (; !octets.IsEmpty; octets = octets[5..], text = text[8..])
        {
            var group = ((ulong)octets[0] << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets[1..]);
            for (var at = 7; at >= 0; at--, group >>= 5)
            {
                text[at] = alphabet[(int)(group & 31)];
            }
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> octets)
    {
        for (; !text.IsEmpty; text = text[8..], octets = octets[5..])
        {
            var group = 0UL;
            foreach (var letter in text[..8])
            {
                var value = letter is >= (byte)'0' and <= (byte)'9' ? letter - '0' : (letter | 0x20) is >= 'a' and <= 'z' ? Letters[(letter | 0x20) - 'a'] : 255;
                if (value > 31)
                {
                    return false;
                }

                group = (group << 5) | (uint)value;
            }

            octets[0] = (byte)(group >> 32);
            BinaryPrimitives.WriteUInt32BigEndian(octets[1..], (uint)group);
        }

        return true;
    }
}
