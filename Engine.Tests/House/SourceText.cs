namespace Engine.Tests.House;

/// <summary>
/// A C# file split into what is code and what is comment, each as long as the file: what does not belong is blank, line ends stay.
/// The text of literals stands in neither; code in the holes of interpolated strings does.
/// </summary>
internal sealed class SourceText
{
    private readonly string _text;
    private readonly char[] _code;
    private readonly char[] _comments;
    private readonly List<string> _directives = [];
    private int _at;

    private SourceText(string text)
    {
        _text = text;
        _code = Blank(text);
        _comments = Blank(text);
        ReadCode(inHole: false);
        (Code, Comments) = (new string(_code), new string(_comments));
    }

    public string Code { get; }

    public string Comments { get; }

    /// <summary>Preprocessor lines, trimmed.</summary>
    public IReadOnlyList<string> Directives => _directives;

    public static SourceText Parse(string text) => new(text);

    /// <summary>Line of an offset, from 1.</summary>
    public static int LineOf(string text, int offset) => text.AsSpan(0, offset).Count('\n') + 1;

    private static char[] Blank(string text) => [.. text.Select(letter => letter is '\n' or '\r' ? letter : ' ')];

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private int Run(char letter)
    {
        var count = 0;
        while (Peek(count) == letter)
        {
            count++;
        }

        return count;
    }

    // In a hole it stops at the brace that ends the hole.
    private void ReadCode(bool inHole)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var letter = Peek();
            if (inHole && letter is '}' && depth == 0)
            {
                return;
            }

            depth += letter switch { '{' => 1, '}' => -1, _ => 0 };
            if (!SkipsComment() && !SkipsLiteral() && !SkipsDirective())
            {
                _code[_at++] = letter;
            }
        }
    }

    private bool SkipsComment()
    {
        if (Peek() != '/' || Peek(1) is not ('/' or '*'))
        {
            return false;
        }

        var isLine = Peek(1) == '/';
        var end = _text.IndexOf(isLine ? "\n" : "*/", _at + 2, StringComparison.Ordinal);
        end = end < 0 ? _text.Length : isLine ? end : end + 2;
        _text.CopyTo(_at, _comments, _at, end - _at);
        _at = end;
        return true;
    }

    private bool SkipsDirective()
    {
        if (Peek() != '#' || !_text.AsSpan(0, _at)[(_text.LastIndexOf('\n', _at) + 1)..].IsWhiteSpace())
        {
            return false;
        }

        var end = _text.IndexOf('\n', _at);
        end = end < 0 ? _text.Length : end;
        _directives.Add(_text[_at..end].Trim());
        _at = end;
        return true;
    }

    private bool SkipsLiteral()
    {
        if (Peek() == '\'')
        {
            _at++;
            SkipEscaped('\'');
            return true;
        }

        var prefix = 0;
        while (Peek(prefix) is '$' or '@')
        {
            prefix++;
        }

        if (Peek(prefix) != '"')
        {
            return false;
        }

        var opening = _text.AsSpan(_at, prefix);
        var (dollars, isVerbatim) = (opening.Count('$'), opening.Contains('@'));
        _at += prefix;
        var quotes = isVerbatim ? 1 : Run('"');
        if (quotes == 2)
        {
            _at += 2;
            return true;
        }

        _at += quotes;
        if (quotes > 2)
        {
            SkipRaw(quotes, dollars);
        }
        else
        {
            SkipQuoted(dollars > 0, isVerbatim);
        }

        return true;
    }

    private void SkipEscaped(char end)
    {
        while (_at < _text.Length && Peek() is not '\n')
        {
            var letter = Peek();
            _at += letter == '\\' ? 2 : 1;
            if (letter == end)
            {
                return;
            }
        }
    }

    private void SkipQuoted(bool isInterpolated, bool isVerbatim)
    {
        while (_at < _text.Length && (isVerbatim || Peek() is not '\n'))
        {
            switch (Peek(), Peek(1))
            {
                case ('"', '"') when isVerbatim:
                case ('{', '{') when isInterpolated:
                case ('\\', _) when !isVerbatim:
                    _at += 2;
                    break;
                case ('"', _):
                    _at++;
                    return;
                case ('{', _) when isInterpolated:
                    SkipHole(1);
                    break;
                default:
                    _at++;
                    break;
            }
        }
    }

    private void SkipRaw(int quotes, int dollars)
    {
        while (_at < _text.Length)
        {
            if (Run('"') is var run && run >= quotes)
            {
                _at += run;
                return;
            }

            if (dollars > 0 && Run('{') >= dollars)
            {
                SkipHole(dollars);
            }
            else
            {
                _at++;
            }
        }
    }

    private void SkipHole(int braces)
    {
        _at += braces;
        ReadCode(inHole: true);
        _at += braces;
    }
}
