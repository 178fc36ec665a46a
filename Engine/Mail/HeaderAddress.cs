namespace Engine.Mail;

/// <summary>
/// The first address of a From, Sender or like field (RFC 5322 §3.4), read as a receiver would read it for DMARC.
/// </summary>
/// <remarks>
/// Display names, quoted strings, comments, encoded words, routes and groups are stepped over; of several mailboxes the first with
/// an address counts (<c>Doe, John &lt;j@x&gt;</c> is ordinary). Text that two receivers could read as two different domains –
/// two angle addresses, a bare address beside one of another domain, an open quote or comment – is not read at all.
/// </remarks>
internal readonly ref struct HeaderAddress
{
    private HeaderAddress(ReadOnlySpan<byte> local, DomainName domain)
    {
        Local = local;
        Domain = domain;
    }

    /// <summary>The local part as written, quotes kept. Borrowed from the field.</summary>
    public ReadOnlySpan<byte> Local { get; }

    public DomainName Domain { get; }

    /// <summary>Reads the first From field of a header block; false when there is none or it cannot be read.</summary>
    public static bool TryReadFrom(ReadOnlySpan<byte> head, out HeaderAddress address)
    {
        address = default;
        return HeaderWalker.TryFind(head, "From"u8, out var field) && TryRead(field.Value, out address);
    }

    /// <summary>Reads the first address of a field's value, folding and all.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out HeaderAddress address)
    {
        address = default;
        var at = 0;
        while (at < value.Length)
        {
            var mailbox = new Scan(value, at);
            if (!mailbox.Read())
            {
                return false;
            }

            if (mailbox.Found > 0)
            {
                address = new HeaderAddress(mailbox.Local, mailbox.Domain);
                return true;
            }

            at = mailbox.Next;
        }

        return false;
    }

    // One mailbox, up to a comma, semicolon or the end; a colon (the name of a group) starts it over.
    private ref struct Scan(ReadOnlySpan<byte> text, int at)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _at = at;
        private bool _isAngle;
        private int _wordStart = -1;
        private int _wordEnd;

        public int Found { get; private set; }

        public ReadOnlySpan<byte> Local { get; private set; }

        public DomainName Domain { get; private set; }

        public readonly int Next => _at;

        /// <summary>False when the text is no address that everybody reads alike.</summary>
        public bool Read()
        {
            while (SkipTo(HeaderText.SkipBlanks(_text, _at)) && _at < _text.Length)
            {
                switch (_text[_at])
                {
                    case (byte)',' or (byte)';':
                        _at++;
                        return true;
                    case (byte)':' when Found == 0:
                        _at++;
                        _wordStart = -1;
                        break;
                    case (byte)'<':
                        if (!ReadAngle())
                        {
                            return false;
                        }

                        break;
                    case (byte)'@':
                        if (!ReadDomain(isAngle: false))
                        {
                            return false;
                        }

                        break;
                    case (byte)':' or (byte)'>' or (byte)'[':
                        return false;
                    default:
                        if (!ReadWord())
                        {
                            return false;
                        }

                        break;
                }
            }

            return _at >= 0;
        }

        private bool ReadWord()
        {
            var start = _at;
            if (!SkipTo(_text[start] == '"' ? HeaderText.SkipQuoted(_text, start) : HeaderText.SkipAtom(_text, start)))
            {
                return false;
            }

            // Words that touch, and words round a dot, are one local part: RFC 5322 §4.4.
            var joins = _wordStart >= 0 && (_wordEnd == start || _text[start] == '.' || _text[_wordEnd - 1] == '.');
            _wordStart = joins ? _wordStart : start;
            _wordEnd = _at;
            return true;
        }

        private bool ReadAngle()
        {
            _at++;
            _wordStart = -1;
            if (!SkipTo(HeaderText.SkipBlanks(_text, _at)) || !SkipRoute())
            {
                return false;
            }

            while (SkipTo(HeaderText.SkipBlanks(_text, _at)) && _at < _text.Length)
            {
                switch (_text[_at])
                {
                    case (byte)'@':
                        return ReadDomain(isAngle: true);
                    case (byte)'<' or (byte)'>' or (byte)',' or (byte)':' or (byte)';' or (byte)'[':
                        return false;
                    default:
                        if (!ReadWord())
                        {
                            return false;
                        }

                        break;
                }
            }

            return false;
        }

        // <@a.example,@b.example:user@c.example>, RFC 5322 §4.4.
        private bool SkipRoute()
        {
            if (_at >= _text.Length || _text[_at] is not ((byte)'@' or (byte)','))
            {
                return true;
            }

            var colon = _text[_at..].IndexOfAny(":>\"("u8);
            return colon >= 0 && _text[_at + colon] == ':' && SkipTo(_at + colon + 1);
        }

        private bool ReadDomain(bool isAngle)
        {
            Span<byte> name = stackalloc byte[256];
            _at++;
            if (_wordStart < 0 || !CopyDomain(name, out var length) || !DomainName.TryParse(name[..length], out var domain))
            {
                return false;
            }

            if (isAngle && (_at >= _text.Length || _text[_at++] != '>'))
            {
                return false;
            }

            // A bare address may stand before the angle address as its display name, if it names the same domain.
            if (Found > 0 && (domain != Domain || _isAngle || !isAngle))
            {
                return false;
            }

            _isAngle = isAngle;
            Found++;
            Domain = domain;
            Local = _text[_wordStart.._wordEnd];
            _wordStart = -1;
            return true;
        }

        // Atoms, and the blanks and comments that may stand round the dots between them.
        private bool CopyDomain(scoped Span<byte> name, out int length)
        {
            length = 0;
            while (SkipTo(HeaderText.SkipBlanks(_text, _at)) && _at < _text.Length)
            {
                var atom = _text[_at..HeaderText.SkipAtom(_text, _at)];
                if (atom.IsEmpty || (length > 0 && name[length - 1] != '.' && atom[0] != '.'))
                {
                    break;
                }

                if (!atom.TryCopyTo(name[length..]))
                {
                    return false;
                }

                length += atom.Length;
                _at += atom.Length;
            }

            return _at >= 0 && length > 0;
        }

        private bool SkipTo(int next)
        {
            _at = next;
            return next >= 0;
        }
    }
}
