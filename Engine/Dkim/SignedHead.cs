using Engine.Mail;

namespace Engine.Dkim;

/// <summary>The fields of a head that are signed. Borrows head and slots.</summary>
internal readonly ref struct SignedHead
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly ReadOnlySpan<Slot> _slots;

    /// <param name="head">The header block.</param>
    /// <param name="slots">As many as <see cref="CountFields"/> gave.</param>
    public SignedHead(ReadOnlySpan<byte> head, Span<Slot> slots)
    {
        var count = 0;
        foreach (var field in new HeaderWalker(head))
        {
            var index = SignedFields.IndexOf(field.Name);
            if (index >= 0)
            {
                slots[count++] = new Slot(index, field.Offset, field.Raw.Length);
                HasFrom |= index == SignedFields.From;
            }
        }

        _head = head;
        _slots = slots[..count];
    }

    public bool HasFrom { get; }

    public static int CountFields(ReadOnlySpan<byte> head)
    {
        var count = 0;
        foreach (var field in new HeaderWalker(head))
        {
            count += SignedFields.IndexOf(field.Name) >= 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Writes the fields in the order of h=: by the table, those of one name from the bottom up (RFC 6376 §5.4.2).</summary>
    /// <param name="target">At least the head's length and two octets for each field.</param>
    /// <param name="canonicalization">Which rules.</param>
    public int WriteCanonical(Span<byte> target, Canonicalization canonicalization)
    {
        var length = 0;
        for (var index = 0; index < SignedFields.Count; index++)
        {
            for (var at = _slots.Length - 1; at >= 0; at--)
            {
                if (_slots[at].Index == index)
                {
                    var walker = new HeaderWalker(_head.Slice(_slots[at].Offset, _slots[at].Length));
                    walker.MoveNext();
                    length += CanonicalField.Write(walker.Current, canonicalization, target[length..]);
                }
            }
        }

        return length;
    }

    public void WriteNames(ref SignatureField field)
    {
        var isFirst = true;
        for (var index = 0; index < SignedFields.Count; index++)
        {
            var present = 0;
            foreach (var slot in _slots)
            {
                present += slot.Index == index ? 1 : 0;
            }

            for (var listed = SignedFields.Listed(index, present); listed > 0; listed--)
            {
                field.AppendName(SignedFields.Name(index), isFirst);
                isFirst = false;
            }
        }
    }

    internal readonly record struct Slot(int Index, int Offset, int Length);
}
