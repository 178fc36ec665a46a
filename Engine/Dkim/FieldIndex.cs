using System.Buffers;
using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Where the fields of a foreign head stand, by name: a long h= over a long head costs a look-up a name, not a walk a name.</summary>
internal sealed class FieldIndex
{
    private readonly Dictionary<string, List<(int Offset, int Length)>> _fields = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="head">The header block; not kept.</param>
    public FieldIndex(ReadOnlySpan<byte> head)
    {
        foreach (var field in new HeaderWalker(head))
        {
            HasJunk |= field.IsJunk;
            var name = Encoding.Latin1.GetString(field.Name);
            if (!_fields.TryGetValue(name, out var places))
            {
                _fields[name] = places = [];
            }

            places.Add((field.Offset, field.Raw.Length));
        }
    }

    /// <summary>Whether a line stands there that is no field.</summary>
    public bool HasJunk { get; }

    /// <summary>What a signature signs: the fields of h=, those of one name from the bottom up, then the signature without its b=. RFC 6376 §3.7.</summary>
    /// <param name="head">The block that was indexed.</param>
    /// <param name="own">The signature's field.</param>
    /// <param name="signature">The same, read.</param>
    public ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> head, HeaderField own, DkimSignature signature)
    {
        var output = new ArrayBufferWriter<byte>();
        var used = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in signature.Names)
        {
            var taken = used.GetValueOrDefault(name);
            if (Ascii.IsValid(name) && _fields.TryGetValue(name, out var places) && taken < places.Count)
            {
                used[name] = taken + 1;
                var (offset, length) = places[^(taken + 1)];
                Write(output, FieldOf(head.Slice(offset, length)), signature.Head);
            }
        }

        var unsigned = Encoding.Latin1.GetBytes(WithoutSignature(own));
        Write(output, FieldOf(unsigned), signature.Head);
        return output.WrittenSpan[..^2];
    }

    private static void Write(ArrayBufferWriter<byte> output, HeaderField field, Canonicalization canonicalization) =>
        output.Advance(CanonicalField.Write(field, canonicalization, output.GetSpan(field.Raw.Length + 2)));

    private static HeaderField FieldOf(ReadOnlySpan<byte> raw)
    {
        var walker = new HeaderWalker(raw);
        walker.MoveNext();
        return walker.Current;
    }

    // The field with the value of b= deleted, blanks and all; ended by CRLF. RFC 6376 §3.5, b=.
    private static string WithoutSignature(HeaderField field)
    {
        var value = Encoding.Latin1.GetString(field.Value).Split(';');
        for (var at = 0; at < value.Length; at++)
        {
            var equals = value[at].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && value[at].AsSpan(0, equals).Trim(" \t\r\n") is "b")
            {
                value[at] = value[at][..(equals + 1)];
            }
        }

        var name = Encoding.Latin1.GetString(field.Raw[..(field.Raw.IndexOf((byte)':') + 1)]);
        return name + string.Join(';', value) + "\r\n";
    }
}
