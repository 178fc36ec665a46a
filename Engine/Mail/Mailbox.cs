using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Engine.Mail;

/// <summary>
/// An address as RFC 5321 §4.1.2 writes it (<c>Mailbox</c>), in the octets the client gave. It can be made only by
/// <see cref="TryParse"/> (<see cref="Restore"/> gives back what that once made), so it never holds CR, LF, NUL or another control octet, nor a space outside quotes.
/// </summary>
/// <remarks>The default value is the null reverse path <c>&lt;&gt;</c>. Octets are held, not copied: the maker of the memory keeps it alive.</remarks>
internal readonly struct Mailbox : IEquatable<Mailbox>
{
    /// <summary>Octets of a local part. RFC 5321 §4.5.3.1.1.</summary>
    public const int MaxLocalLength = 64;

    /// <summary>Octets of a path less its brackets. RFC 5321 §4.5.3.1.3.</summary>
    public const int MaxLength = 254;

    private readonly ReadOnlyMemory<byte> _wire;
    private readonly int _at;

    private Mailbox(ReadOnlyMemory<byte> wire, int at, DomainName domain)
    {
        _wire = wire;
        _at = at;
        Domain = domain;
    }

    /// <summary>True for <c>&lt;&gt;</c>.</summary>
    public bool IsNull => _wire.IsEmpty;

    /// <summary>The whole address, without brackets.</summary>
    public ReadOnlyMemory<byte> Wire => _wire;

    public ReadOnlySpan<byte> Local => _wire.Span[.._at];

    /// <summary>The domain in its one form; empty for the null path.</summary>
    public DomainName Domain { get; }

    /// <summary>False when it needs SMTPUTF8 (RFC 6531) as it stands.</summary>
    public bool IsAscii => Ascii.IsValid(_wire.Span);

    public static bool operator ==(Mailbox left, Mailbox right) => left.Equals(right);

    public static bool operator !=(Mailbox left, Mailbox right) => !left.Equals(right);

    public static Mailbox Parse(string text) =>
        TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var mailbox) ? mailbox : throw new FormatException($"'{text}' is not an address");

    /// <summary>Takes an address without brackets. Address literals (<c>[192.0.2.1]</c>) are no domain and are refused.</summary>
    /// <param name="text">The octets; held on success.</param>
    /// <param name="allowUtf8">Whether octets above 127 may stand in it: the client said SMTPUTF8.</param>
    /// <param name="mailbox">The address.</param>
    public static bool TryParse(ReadOnlyMemory<byte> text, bool allowUtf8, out Mailbox mailbox)
    {
        mailbox = default;
        var span = text.Span;
        if (span.Length is 0 or > MaxLength || (!allowUtf8 && !Ascii.IsValid(span)) || !System.Text.Unicode.Utf8.IsValid(span))
        {
            return false;
        }

        var at = span[0] == '"' ? QuotedLength(span) : AtomLength(span);
        if (at is <= 0 or > MaxLocalLength || at >= span.Length - 1 || span[at] != '@' || !DomainName.TryParse(span[(at + 1)..], out var domain))
        {
            return false;
        }

        mailbox = new Mailbox(text, at, domain);
        return true;
    }

    /// <summary>An address that was parsed before, without parsing and allocating again.</summary>
    /// <param name="wire">Its octets; held.</param>
    /// <param name="domain">Its domain.</param>
    public static Mailbox Restore(ReadOnlyMemory<byte> wire, DomainName domain) => new(wire, wire.Span.LastIndexOf((byte)'@'), domain);

    /// <summary>A copy that owns its octets.</summary>
    public Mailbox Detach() => IsNull ? default : new Mailbox(_wire.ToArray(), _at, Domain);

    /// <summary>Same octets in the local part, same domain.</summary>
    public bool Equals(Mailbox other) => Local.SequenceEqual(other.Local) && Domain == other.Domain;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Mailbox other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Local);
        hash.Add(Domain);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(_wire.Span);

    // Dot-string. Empty atoms are refused as the standard says; everything but specials, blanks and controls is an atom's letter.
    private static int AtomLength(ReadOnlySpan<byte> text)
    {
        var atom = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'@':
                    return atom > 0 ? at : -1;
                case (byte)'.' when atom == 0:
                    return -1;
                case (byte)'.':
                    atom = 0;
                    break;
                case <= 32 or 127 or (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)'[' or (byte)']'
                    or (byte)':' or (byte)';' or (byte)',' or (byte)'\\' or (byte)'"':
                    return -1;
                default:
                    atom++;
                    break;
            }
        }

        return -1;
    }

    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\' when at + 1 < text.Length && text[at + 1] is >= 32 and < 127:
                    at++;
                    break;
                case (byte)'\\' or < 32 or 127:
                    return -1;
                default:
                    break;
            }
        }

        return -1;
    }
}
