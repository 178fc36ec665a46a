namespace Engine.Submission;

/// <summary>Walks the <c>KEY=value</c> parameters of MAIL and RCPT. RFC 5321 §4.1.2.</summary>
/// <param name="text">What follows the path.</param>
internal ref struct ParameterReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text.Trim((byte)' ');

    /// <summary>Letters, digits and hyphens.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Empty when there is no <c>=</c>, too; see <see cref="HasValue"/>.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool HasValue { get; private set; }

    /// <summary>True once something was found that is no parameter.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty || IsMalformed)
        {
            return false;
        }

        var end = _rest.IndexOf((byte)' ');
        var word = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..].TrimStart((byte)' ');
        var equals = word.IndexOf((byte)'=');
        HasValue = equals >= 0;
        Key = HasValue ? word[..equals] : word;
        Value = HasValue ? word[(equals + 1)..] : default;
        IsMalformed = Key.IsEmpty || Key.ContainsAnyExcept(KeyOctets) || (HasValue && (Value.IsEmpty || Value.Contains((byte)'=')));
        return !IsMalformed;
    }

    private static readonly System.Buffers.SearchValues<byte> KeyOctets =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);
}
