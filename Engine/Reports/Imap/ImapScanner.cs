using System.Text;

namespace Engine.Reports.Imap;

/// <summary>Reads values out of one complete response. RFC 9051 §9. What does not fit yields nothing and moves on: nobody here trusts a server. No recursion.</summary>
internal ref struct ImapScanner(ReadOnlySpan<byte> response)
{
    private ReadOnlySpan<byte> _rest = response;

    public readonly bool IsAtEnd => _rest.TrimEnd("\r\n"u8).IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next word up to a blank, bracket or the end; empty when there is none.</summary>
    public ReadOnlySpan<byte> Word()
    {
        SkipBlanks();
        var end = _rest.IndexOfAny(" ()\r\n"u8);
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    /// <summary>Takes this octet when it is next.</summary>
    public bool Take(byte octet)
    {
        SkipBlanks();
        if (_rest.IsEmpty || _rest[0] != octet)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>A string: quoted, literal or an atom; empty for NIL.</summary>
    public byte[] String()
    {
        SkipBlanks();
        if (_rest is [(byte)'"', ..])
        {
            return Quoted();
        }

        if (_rest is [(byte)'{' or (byte)'~', ..] && _rest.IndexOf((byte)'\n') is > 0 and var end && ImapFramer.LiteralAt(_rest[..(end + 1)]) is { } size && _rest.Length - end - 1 >= size)
        {
            var literal = _rest.Slice(end + 1, size).ToArray();
            _rest = _rest[(end + 1 + size)..];
            return literal;
        }

        var word = Word();
        return Ascii.EqualsIgnoreCase(word, "NIL"u8) ? [] : word.ToArray();
    }

    private byte[] Quoted()
    {
        var text = new List<byte>();
        var at = 1;
        for (; at < _rest.Length && _rest[at] != '"'; at++)
        {
            at += _rest[at] == '\\' && at + 1 < _rest.Length ? 1 : 0;
            text.Add(_rest[at]);
        }

        _rest = _rest[Math.Min(at + 1, _rest.Length)..];
        return [.. text];
    }

    private void SkipBlanks() => _rest = _rest.TrimStart((byte)' ');
}
