using System.Buffers;
using System.Buffers.Text;

namespace Engine.Dkim;

/// <summary>Writes a DKIM-Signature field, folded so that no line passes 76 columns unless a single domain or selector does.</summary>
/// <param name="buffer">Large enough: see <see cref="Capacity"/>.</param>
internal ref struct SignatureField(Span<byte> buffer)
{
    private const int Columns = 76;

    private readonly Span<byte> _buffer = buffer;
    private int _column;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Octets that are always enough for a field that lists so many names.</summary>
    public static int Capacity(SigningKey key, int names) =>
        1_024 + key.DomainTag.Length + key.SelectorTag.Length + key.IdentityTag.Length + (names * (SignedFields.LongestName + 4)) + (key.SignatureLength * 2);

    /// <summary>Writes everything up to and including <c>b=</c>.</summary>
    /// <param name="key">Which signs.</param>
    /// <param name="time">For t= and x=.</param>
    /// <param name="head">What is signed.</param>
    /// <param name="bodyHash">32 octets.</param>
    /// <param name="body">How they were made.</param>
    public void Open(SigningKey key, SigningTime time, scoped in SignedHead head, scoped ReadOnlySpan<byte> bodyHash, Canonicalization body)
    {
        Append("DKIM-Signature:"u8);
        AppendTag("v=1;"u8);
        AppendTag(key.AlgorithmTag);
        AppendTag(CanonicalizationTag(key.Terms.Head, body));
        AppendTag(key.DomainTag);
        if (!key.IdentityTag.IsEmpty)
        {
            AppendTag(key.IdentityTag);
        }

        AppendTag(key.SelectorTag);
        AppendTime((byte)'t', time.Signed);
        if (key.Terms.Expires is { } expires)
        {
            AppendTime((byte)'x', time.Due + expires);
        }

        head.WriteNames(ref this);
        Append(";"u8);

        Span<byte> hash = stackalloc byte[48];
        "bh="u8.CopyTo(hash);
        Base64.EncodeToUtf8(bodyHash, hash[3..], out _, out var length);
        hash[length + 3] = (byte)';';
        AppendTag(hash[..(length + 4)]);
        Fold();
        Append("b="u8);
    }

    /// <summary>Writes the signature and the CRLF that ends the field.</summary>
    public void Close(scoped ReadOnlySpan<byte> signature)
    {
        Span<byte> text = stackalloc byte[1_024];
        if (Base64.EncodeToUtf8(signature, text, out _, out var length) is not OperationStatus.Done)
        {
            throw new ArgumentException("The signature is longer than any key of ours makes.", nameof(signature));
        }

        for (var rest = text[..length]; !rest.IsEmpty;)
        {
            if (_column == Columns)
            {
                Fold();
            }

            var part = Math.Min(rest.Length, Columns - _column);
            Append(rest[..part]);
            rest = rest[part..];
        }

        "\r\n"u8.CopyTo(_buffer[Length..]);
        Length += 2;
    }

    // A fold may stand behind a colon. RFC 6376 §3.5, h=.
    public void AppendName(scoped ReadOnlySpan<byte> name, bool isFirst)
    {
        if (isFirst)
        {
            Span<byte> tag = stackalloc byte[SignedFields.LongestName + 2];
            "h="u8.CopyTo(tag);
            name.CopyTo(tag[2..]);
            AppendTag(tag[..(name.Length + 2)]);
            return;
        }

        Append(":"u8);
        if (_column + name.Length + 1 > Columns)
        {
            Fold();
        }

        Append(name);
    }

    private static ReadOnlySpan<byte> CanonicalizationTag(Canonicalization head, Canonicalization body) => (head, body) switch
    {
        (Canonicalization.Relaxed, Canonicalization.Relaxed) => "c=relaxed/relaxed;"u8,
        (Canonicalization.Relaxed, _) => "c=relaxed/simple;"u8,
        (_, Canonicalization.Relaxed) => "c=simple/relaxed;"u8,
        _ => "c=simple/simple;"u8,
    };

    // Seconds since 1970. RFC 6376 §3.5.
    private void AppendTime(byte name, DateTimeOffset time)
    {
        Span<byte> stamp = stackalloc byte[24];
        (stamp[0], stamp[1]) = (name, (byte)'=');
        Utf8Formatter.TryFormat(time.ToUnixTimeSeconds(), stamp[2..], out var digits);
        stamp[digits + 2] = (byte)';';
        AppendTag(stamp[..(digits + 3)]);
    }

    private void AppendTag(scoped ReadOnlySpan<byte> tag)
    {
        if (_column + 1 + tag.Length > Columns)
        {
            Fold();
        }
        else
        {
            Append(" "u8);
        }

        Append(tag);
    }

    private void Fold()
    {
        "\r\n "u8.CopyTo(_buffer[Length..]);
        Length += 3;
        _column = 1;
    }

    private void Append(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
        _column += text.Length;
    }
}
