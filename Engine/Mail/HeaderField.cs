using System.Text;

namespace Engine.Mail;

/// <summary>One field of a header block, or a stretch of it that is no field. Borrowed from the block.</summary>
internal readonly ref struct HeaderField
{
    internal HeaderField(ReadOnlySpan<byte> raw, int offset, int nameLength, int valueStart, int valueEnd)
    {
        Raw = raw;
        Offset = offset;
        Name = raw[..nameLength];
        Value = raw[valueStart..valueEnd];
    }

    /// <summary>The whole field with its folding and the CRLF that ends it (absent only when the block ends without one).</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Where <see cref="Raw"/> starts in the block.</summary>
    public int Offset { get; }

    /// <summary>As written, without blanks before the colon (RFC 5322 §4.5 allows them); empty for junk.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Everything after the colon: leading blanks and folding stay, the CRLF that ends the field does not. Empty for junk.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>True for lines that are no field: no colon, or a name with a blank, a control or an octet above 126 in it. Continuation lines go with them.</summary>
    public bool IsJunk => Name.IsEmpty;

    /// <summary>Compares without regard to ASCII case.</summary>
    public bool Is(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);
}
