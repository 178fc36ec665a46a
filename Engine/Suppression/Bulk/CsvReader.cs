using System.Text;

namespace Engine.Suppression.Bulk;

/// <summary>
/// Reads comma-separated values (RFC 4180) as they come: CRLF or LF, quoted fields with commas, line ends and doubled quotes. A quote that is never closed costs its own line and no other: a record
/// has at most <see cref="MaxLength"/> letters.
/// </summary>
internal sealed class CsvReader(TextReader source)
{
    public const int MaxLength = 4_096;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private readonly Queue<string> _again = new();
    private long _next = 1;

    private enum Verdict : byte
    {
        Good,
        Open,
        Odd,
    }

    /// <summary>Line the record begins on; the first is 1.</summary>
    public long Line { get; private set; }

    /// <summary>Of the record; the list is used again for the next.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>What is wrong with the record; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Moves to the next record that is not empty.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        while (NextLine() is { } line)
        {
            Line = _next++;
            Fault = null;
            if (!string.IsNullOrWhiteSpace(line))
            {
                Take(line);
                return true;
            }
        }

        return false;
    }

    private string? NextLine() => _again.TryDequeue(out var line) ? line : source.ReadLine();

    private void Take(string record)
    {
        var more = new List<string>();
        var verdict = record.Length > MaxLength ? Verdict.Odd : Split(record);
        while (verdict is Verdict.Open && record.Length <= MaxLength && NextLine() is { } line)
        {
            more.Add(line);
            record = $"{record}\n{line}";
            verdict = Split(record);
        }

        if (verdict is Verdict.Good)
        {
            _next += more.Count;
            return;
        }

        Fault = verdict is Verdict.Open ? "a quote is not closed" : record.Length > MaxLength ? $"longer than {MaxLength} letters" : "a quote stands within a field";
        _fields.Clear();
        var rest = _again.ToList();
        _again.Clear();
        more.Concat(rest).ToList().ForEach(_again.Enqueue);
    }

    private Verdict Split(string record)
    {
        _fields.Clear();
        for (var at = 0; ;)
        {
            var verdict = at < record.Length && record[at] == '"' ? Quoted(record, ref at) : Bare(record, ref at);
            if (verdict is not Verdict.Good)
            {
                return verdict;
            }

            if (at == record.Length)
            {
                return Verdict.Good;
            }

            at++;
        }
    }

    private Verdict Bare(string record, ref int at)
    {
        var end = record.AsSpan(at).IndexOfAny(',', '"');
        end = end < 0 ? record.Length : at + end;
        _fields.Add(record[at..end]);
        at = end;
        return end < record.Length && record[end] == '"' ? Verdict.Odd : Verdict.Good;
    }

    private Verdict Quoted(string record, ref int at)
    {
        _field.Clear();
        for (at++; at < record.Length; at++)
        {
            if (record[at] != '"')
            {
                _field.Append(record[at]);
            }
            else if (at + 1 < record.Length && record[at + 1] == '"')
            {
                _field.Append(record[at++]);
            }
            else
            {
                at++;
                _fields.Add(_field.ToString());
                return at == record.Length || record[at] == ',' ? Verdict.Good : Verdict.Odd;
            }
        }

        return Verdict.Open;
    }
}
