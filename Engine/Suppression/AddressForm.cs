using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Engine.Mail;

namespace Engine.Suppression;

/// <summary>
/// The one form in which an address is digested: <c>local@domain</c>, the local part in lower case and without quotes, the domain as A-labels. Dots and plus tags stay: what they
/// mean is the receiver's affair.
/// </summary>
/// <remarks>
/// Lower case: receivers that tell letters' case apart are not met in practice (RFC 5321 §2.4 lets them). ASCII by its letters; a local part with other letters (RFC 6531) by Unicode's
/// simple mapping, whatever the locale; composed and decomposed forms stay two addresses, for nothing says that their receiver takes them for one.
/// Quotes: <c>"john.doe"@x</c> and <c>"john\.doe"@x</c> are <c>john.doe@x</c>, for quoting is no part of the meaning (RFC 5321 §4.1.2). The domain stands behind the last at sign, so
/// <c>"a@b"@c</c> cannot be taken for another.
/// </remarks>
internal static class AddressForm
{
    /// <summary>Writes the form.</summary>
    /// <param name="address">Not the null path.</param>
    /// <param name="target">At least twice the octets an address may have: lower case may be longer.</param>
    /// <returns>Octets written.</returns>
    public static int Write(in Mailbox address, Span<byte> target)
    {
        if (address.IsNull)
        {
            throw new ArgumentException("The null path is nobody's address.", nameof(address));
        }

        var length = Local(address.Local, target);
        target[length++] = (byte)'@';
        return length + Encoding.ASCII.GetBytes(address.Domain.Name, target[length..]);
    }

    private static int Local(ReadOnlySpan<byte> local, Span<byte> target)
    {
        if (local[0] == '"')
        {
            Span<byte> bare = stackalloc byte[Mailbox.MaxLocalLength];
            return Lower(bare[..Unquote(local[1..^1], bare)], target);
        }

        return Lower(local, target);
    }

    private static int Unquote(ReadOnlySpan<byte> quoted, Span<byte> target)
    {
        var length = 0;
        for (var at = 0; at < quoted.Length; at++)
        {
            at += quoted[at] == '\\' ? 1 : 0;
            target[length++] = quoted[at];
        }

        return length;
    }

    private static int Lower(ReadOnlySpan<byte> local, Span<byte> target)
    {
        if (Ascii.ToLower(local, target, out var written) is OperationStatus.Done)
        {
            return written;
        }

        Span<char> letters = stackalloc char[Mailbox.MaxLocalLength];
        Span<char> lower = stackalloc char[Mailbox.MaxLocalLength];
        Utf8.ToUtf16(local, letters, out _, out var count);
        count = letters[..count].ToLowerInvariant(lower);
        Utf8.FromUtf16(lower[..count], target, out _, out written);
        return written;
    }
}
