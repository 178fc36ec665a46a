namespace Engine.Classification;

/// <summary>
/// Looks for many texts at once (Aho and Corasick, 1975): one step of a table for each character. Says which patterns have one of their texts in a line.
/// Case does not count; all characters beyond ASCII count as one, which finds too much but never too little. Immutable; any thread.
/// </summary>
internal sealed class LiteralScan
{
    private const int Ascii = 128;

    // A k to the regexes of .NET although it is no ASCII; the only one.
    private const char Kelvin = '\u212A';

    private readonly byte[] _classes = new byte[Ascii];
    private readonly byte _other;
    private readonly int _width;

    // The next state, or its complement where patterns are found there.
    private readonly int[] _next;
    private readonly int[][] _found;

    /// <param name="patterns">For each pattern its texts in lower case; null where it has none to go by.</param>
    public LiteralScan(IReadOnlyList<IReadOnlyList<string>?> patterns)
    {
        (_other, _width) = Classify(patterns);
        var (planted, found) = Plant(patterns);
        _next = Link(planted, found);
        _found = [.. found.Select(static marks => marks.ToArray())];
        for (var place = 0; place < _next.Length; place++)
        {
            _next[place] = _found[_next[place]].Length > 0 ? ~_next[place] : _next[place];
        }
    }

    /// <summary>Memory of the table, in octets.</summary>
    public int Size => _next.Length * sizeof(int);

    /// <summary>Sets the bit of every pattern that has a text in the line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="marks">A bit for each pattern; what is set stays.</param>
    public void Mark(ReadOnlySpan<char> line, Span<ulong> marks)
    {
        var state = 0;
        foreach (var letter in line)
        {
            state = _next[(state * _width) + ClassOf(letter)];
            if (state < 0)
            {
                state = ~state;
                foreach (var pattern in _found[state])
                {
                    marks[pattern >> 6] |= 1UL << (pattern & 63);
                }
            }
        }
    }

    private byte ClassOf(char letter) => letter < Ascii ? _classes[letter] : letter is Kelvin ? _classes['k'] : _other;

    // Class 0 is for characters that no text holds.
    private (byte Other, int Width) Classify(IReadOnlyList<IReadOnlyList<string>?> patterns)
    {
        var used = patterns.SelectMany(texts => texts ?? []).SelectMany(text => text).Where(letter => letter < Ascii).Append('k').Distinct().Order().ToList();
        for (var index = 0; index < used.Count; index++)
        {
            _classes[used[index]] = (byte)(index + 1);
        }

        for (var letter = 'A'; letter <= 'Z'; letter++)
        {
            _classes[letter] = _classes[char.ToLowerInvariant(letter)];
        }

        return ((byte)(used.Count + 1), used.Count + 2);
    }

    private (List<int> Next, List<SortedSet<int>> Found) Plant(IReadOnlyList<IReadOnlyList<string>?> patterns)
    {
        var (next, found) = (new List<int>(), new List<SortedSet<int>>());
        AddState(next, found);
        for (var pattern = 0; pattern < patterns.Count; pattern++)
        {
            foreach (var text in patterns[pattern] ?? [])
            {
                var state = 0;
                foreach (var letter in text)
                {
                    var place = (state * _width) + ClassOf(letter);
                    if (next[place] == 0)
                    {
                        next[place] = found.Count;
                        AddState(next, found);
                    }

                    state = next[place];
                }

                found[state].Add(pattern);
            }
        }

        return (next, found);
    }

    private void AddState(List<int> next, List<SortedSet<int>> found)
    {
        next.AddRange(Enumerable.Repeat(0, _width));
        found.Add([]);
    }

    // Breadth first: where a text ends or breaks off, go on with the longest end of it that begins another one.
    private int[] Link(List<int> planted, List<SortedSet<int>> found)
    {
        int[] next = [.. planted];
        var fall = new int[found.Count];
        var queue = new Queue<int>(next.Take(_width).Where(static state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            found[state].UnionWith(found[fall[state]]);
            for (var letter = 0; letter < _width; letter++)
            {
                var place = (state * _width) + letter;
                var beside = next[(fall[state] * _width) + letter];
                if (next[place] == 0)
                {
                    next[place] = beside;
                }
                else
                {
                    fall[next[place]] = beside;
                    queue.Enqueue(next[place]);
                }
            }
        }

        return next;
    }
}
