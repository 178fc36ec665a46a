using System.Diagnostics.CodeAnalysis;

namespace Engine.Mail;

/// <summary>
/// The engine's own name of a message, unique in a fleet: node (12 bits), milliseconds since 2026-01-01 (40 bits, 34 years),
/// counter (12 bits). It sorts by time within a node.
/// </summary>
internal readonly record struct MessageId(ulong Value) : IComparable<MessageId>
{
    /// <summary>Octets of the text form: 13 characters of Crockford's base32, lower case.</summary>
    public const int TextLength = 13;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Where the milliseconds begin.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The engine that took the message, 1–4095; key <c>node</c>.</summary>
    public int Node => (int)(Value >> 52);

    /// <summary>When it was given out; means nothing in ids of notices, which are made of what caused them.</summary>
    public DateTimeOffset Given => Epoch.AddMilliseconds((Value >> 12) & ((1UL << 40) - 1));

    public static bool operator <(MessageId left, MessageId right) => left.Value < right.Value;

    public static bool operator >(MessageId left, MessageId right) => left.Value > right.Value;

    public static bool operator <=(MessageId left, MessageId right) => left.Value <= right.Value;

    public static bool operator >=(MessageId left, MessageId right) => left.Value >= right.Value;

    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        id = default;
        if (text is not { Length: TextLength })
        {
            return false;
        }

        var value = UInt128.Zero;
        foreach (var letter in text)
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        id = new MessageId((ulong)value);
        return value <= ulong.MaxValue;
    }

    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form as ASCII octets.</summary>
    /// <param name="target">At least <see cref="TextLength"/> octets.</param>
    public void WriteTo(Span<byte> target)
    {
        var value = Value;
        for (var at = TextLength - 1; at >= 0; at--, value >>= 5)
        {
            target[at] = (byte)Alphabet[(int)(value & 31)];
        }
    }

    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        for (var at = TextLength - 1; at >= 0; at--, value >>= 5)
        {
            text[at] = Alphabet[(int)(value & 31)];
        }
    });
}
