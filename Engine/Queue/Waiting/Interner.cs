using System.Diagnostics.CodeAnalysis;

namespace Engine.Queue.Waiting;

/// <summary>Gives equal values one number while any holder counts on it. Changes under the queue's lock; <see cref="Of"/> from any thread.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It interns.")]
internal sealed class Interner<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly Stack<int> _free = new();
    private T[] _values = new T[64];
    private int[] _holders = new int[64];
    private int _high;

    public int Count => _numbers.Count;

    /// <summary>The value of a number somebody holds.</summary>
    public T Of(int number) => Volatile.Read(ref _values)[number];

    public int Hold(T value)
    {
        if (!_numbers.TryGetValue(value, out var number))
        {
            number = Add(value);
        }

        _holders[number]++;
        return number;
    }

    /// <summary>One more holder of a number that somebody holds.</summary>
    public void HoldAgain(int number) => _holders[number]++;

    public void Release(int number)
    {
        if (--_holders[number] == 0)
        {
            _numbers.Remove(_values[number]);
            _free.Push(number);
        }
    }

    public bool TryFind(T value, out int number) => _numbers.TryGetValue(value, out number);

    private int Add(T value)
    {
        if (!_free.TryPop(out var number))
        {
            number = _high++;
            if (number == _values.Length)
            {
                Array.Resize(ref _holders, number * 2);
                var larger = new T[number * 2];
                _values.CopyTo(larger, 0);
                Volatile.Write(ref _values, larger);
            }
        }

        _values[number] = value;
        _numbers.Add(value, number);
        return number;
    }
}
