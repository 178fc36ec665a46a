using System.Text.RegularExpressions;

namespace Engine.Tests.House;

/// <summary>Finds types and their members by matching brackets: no compiler, but enough to count lines and read modifiers.</summary>
internal sealed partial class MemberScan
{
    private readonly string _code;
    private readonly List<Member> _found = [];

    private MemberScan(string code) => _code = code;

    /// <param name="code">What <see cref="SourceText.Code"/> gives: no comments, no literals.</param>
    public static IReadOnlyList<Member> Of(string code)
    {
        var scan = new MemberScan(code);
        scan.ReadBlock(0, code.Length);
        return scan._found;
    }

    private void ReadBlock(int at, int end)
    {
        while ((at = SkipBlank(at, end)) < end)
        {
            var attributes = at;
            while (at < end && _code[at] == '[')
            {
                at = SkipBlank(Match(at) + 1, end);
            }

            at = at < end ? ReadMember(attributes, at, end) : end;
        }
    }

    // Returns where the next member may start.
    private int ReadMember(int attributes, int start, int end)
    {
        var (call, assign, arrow, block) = (-1, -1, -1, -1);
        var at = start;
        for (; at < end && _code[at] != ';'; at++)
        {
            switch (_code[at])
            {
                case '(' or '[':
                    call = call < 0 && assign < 0 && arrow < 0 && IsCall(start, at) ? at : call;
                    at = Match(at);
                    break;
                case '=' when IsAt(at, "=>"):
                    arrow = arrow < 0 && assign < 0 ? at : arrow;
                    at++;
                    break;
                case '=' when _code[at - 1] is not ('=' or '!' or '<' or '>') && !IsAt(at, "=="):
                    assign = assign < 0 && arrow < 0 ? at : assign;
                    break;
                case '{':
                    block = block < 0 && assign < 0 && arrow < 0 ? at : block;
                    at = Match(at);
                    if (block >= 0 && !HasInitializer(at, end))
                    {
                        return Add(attributes, start, at, call, assign, arrow, block, end);
                    }

                    break;
                default:
                    break;
            }
        }

        return Add(attributes, start, Math.Min(at, end - 1), call, assign, arrow, block, end);
    }

    private int Add(int attributes, int start, int last, int call, int assign, int arrow, int block, int end)
    {
        var body = new[] { assign, arrow, block, last }.Where(offset => offset >= 0).Min();
        var head = _code[start..body];
        var name = _code[start..(call >= 0 && call < body ? call : body)];
        if (head.StartsWith("using ", StringComparison.Ordinal) || head.StartsWith("namespace ", StringComparison.Ordinal))
        {
            if (block >= 0)
            {
                ReadBlock(block + 1, last);
            }

            return last + 1;
        }

        var type = TypeName().Match(name);
        var kind = type.Success || head.StartsWith("extension", StringComparison.Ordinal) ? MemberKind.Type
            : call < 0 && block < 0 && arrow < 0 ? MemberKind.Field : MemberKind.Function;
        var first = SourceText.LineOf(_code, start);
        _found.Add(new Member(
            kind,
            type.Success ? type.Groups[1].Value : LastName().Match(name).Value,
            _code[attributes..start],
            head,
            _code[start..(last + 1)],
            first,
            SourceText.LineOf(_code, last) - first + 1));
        if (kind is MemberKind.Type && block >= 0 && !EnumWord().IsMatch(name))
        {
            ReadBlock(block + 1, last);
        }

        last = SkipBlank(last + 1, end);
        return last < end && _code[last] == ';' ? last + 1 : last;
    }

    private bool HasInitializer(int close, int end)
    {
        var next = SkipBlank(close + 1, end);
        return next < end && _code[next] == '=' && !IsAt(next, "=>");
    }

    // A parenthesis after a name or its type arguments, or after an operator; not that of a tuple type.
    private bool IsCall(int start, int at) =>
        at > start && (char.IsLetterOrDigit(_code[at - 1]) || _code[at - 1] is '_' or '>' || OperatorWord().IsMatch(_code.AsSpan(start, at - start)))
        && (_code[at] == '(' || _code.AsSpan(start, at - start).EndsWith("this"));

    private bool IsAt(int at, string text) => string.CompareOrdinal(_code, at, text, 0, text.Length) == 0;

    private int SkipBlank(int at, int end)
    {
        while (at < end && char.IsWhiteSpace(_code[at]))
        {
            at++;
        }

        return at;
    }

    private int Match(int at)
    {
        var depth = 0;
        for (; at < _code.Length; at++)
        {
            depth += _code[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }
        }

        return _code.Length - 1;
    }

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+class|\s+struct)?)\s+([A-Z]\w*)", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\benum\s", RegexOptions.CultureInvariant)]
    private static partial Regex EnumWord();

    [GeneratedRegex(@"\boperator\b", RegexOptions.CultureInvariant)]
    private static partial Regex OperatorWord();

    [GeneratedRegex(@"[A-Za-z_]\w*(?=(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>)?\s*$)|\S+\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LastName();
}
