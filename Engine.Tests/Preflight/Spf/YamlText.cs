using System.Globalization;
using System.Text;

namespace Engine.Tests.Preflight.Spf;

/// <summary>
/// Reads the part of YAML that the SPF suite is written in: documents, maps and lists by indentation, flow lists, plain, quoted and block scalars. A node is a
/// <see cref="string"/>, a list or a map.
/// </summary>
internal sealed class YamlText
{
    private readonly List<(int Indent, string Text)> _lines;
    private int _at;

    private YamlText(IEnumerable<string> lines) =>
        _lines = [.. lines.Select(line => (line.Length - line.TrimStart(' ').Length, line.Trim(' '))).Where(line => line.Item2.Length > 0 && line.Item2[0] != '#')];

    public static IEnumerable<Dictionary<string, object>> Documents(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n').Append("---"))
        {
            if (line != "---")
            {
                lines.Add(line);
                continue;
            }

            var reader = new YamlText(lines);
            if (reader._lines.Count > 0)
            {
                yield return (Dictionary<string, object>)reader.Block();
            }

            lines.Clear();
        }
    }

    private object Block()
    {
        var indent = _lines[_at].Indent;
        return _lines[_at].Text.StartsWith('-') ? Items(indent) : Map(indent);
    }

    private List<object> Items(int indent)
    {
        var items = new List<object>();
        while (_at < _lines.Count && _lines[_at].Indent == indent && _lines[_at].Text.StartsWith('-'))
        {
            var item = _lines[_at].Text[1..].TrimStart(' ');
            if (TrySplit(item, out var key, out var rest))
            {
                _at++;
                items.Add(new Dictionary<string, object> { [key] = Value(rest, indent + 1) });
            }
            else
            {
                _at++;
                items.Add(Value(item, indent));
            }
        }

        return items;
    }

    private Dictionary<string, object> Map(int indent)
    {
        var map = new Dictionary<string, object>();
        while (_at < _lines.Count && _lines[_at].Indent == indent)
        {
            if (!TrySplit(_lines[_at].Text, out var key, out var rest))
            {
                throw new FormatException($"no key in '{_lines[_at].Text}'");
            }

            _at++;
            map[key] = Value(rest, indent);
        }

        return map;
    }

    private object Value(string text, int indent)
    {
        if (text.Length == 0)
        {
            return _at < _lines.Count && (_lines[_at].Indent > indent || (_lines[_at].Indent == indent && _lines[_at].Text.StartsWith('-'))) ? Block() : string.Empty;
        }

        if (text[0] is '>' or '|' && text.Length <= 2)
        {
            return string.Join(text[0] == '>' ? ' ' : '\n', Deeper(indent));
        }

        return text[0] switch
        {
            '[' => Flow(text),
            '"' or '\'' => Quoted(text),
            _ => string.Join(' ', [text, .. Deeper(indent)]),
        };
    }

    private List<string> Deeper(int indent)
    {
        var lines = new List<string>();
        for (; _at < _lines.Count && _lines[_at].Indent > indent; _at++)
        {
            lines.Add(_lines[_at].Text);
        }

        return lines;
    }

    // A key ends with a colon and a blank, or the line with it.
    private static bool TrySplit(string text, out string key, out string rest)
    {
        (key, rest) = (string.Empty, string.Empty);
        if (text.Length == 0 || text[0] is '[')
        {
            return false;
        }

        var from = text[0] is '"' or '\'' ? text.IndexOf(text[0], 1) + 1 : 0;
        var colon = text.IndexOf(": ", from, StringComparison.Ordinal);
        colon = colon < 0 && text.EndsWith(':') ? text.Length - 1 : colon;
        if (colon <= 0)
        {
            return false;
        }

        (key, rest) = (Quoted(text[..colon]), text[(colon + 1)..].Trim(' '));
        return true;
    }

    private static List<object> Flow(string text)
    {
        var items = new List<object>();
        var item = new StringBuilder();
        var quote = '\0';
        foreach (var sign in text[1..text.LastIndexOf(']')])
        {
            quote = quote == sign ? '\0' : quote == '\0' && sign is '"' or '\'' ? sign : quote;
            if (sign == ',' && quote == '\0')
            {
                items.Add(Quoted(item.ToString().Trim()));
                item.Clear();
            }
            else
            {
                item.Append(sign);
            }
        }

        if (item.ToString().Trim() is { Length: > 0 } last)
        {
            items.Add(Quoted(last));
        }

        return items;
    }

    // Octets of \x stand for themselves: a TXT record is read as UTF-8.
    private static string Quoted(string text)
    {
        if (text.Length < 2 || text[0] is not ('"' or '\'') || text[^1] != text[0])
        {
            return text;
        }

        if (text[0] == '\'')
        {
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal);
        }

        var octets = new List<byte>();
        for (var at = 1; at < text.Length - 1; at++)
        {
            if (text[at] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes([text[at]]));
            }
            else if (text[++at] == 'x')
            {
                octets.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 2;
            }
            else
            {
                octets.Add(text[at] == '0' ? (byte)0 : (byte)text[at]);
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }
}
