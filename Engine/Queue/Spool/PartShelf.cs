using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>
/// Parts of one log that no message has claimed yet. A message names its parts by address; where a file stands in the wrong place, a part
/// is found by its message and number instead.
/// </summary>
internal sealed class PartShelf
{
    private readonly Dictionary<MessageId, List<Part>> _parts = [];

    /// <summary>Parts left over.</summary>
    public long Count => _parts.Values.Sum(static list => (long)list.Count);

    public void Add(MessageId id, int number, long address, int length, int copy)
    {
        if (!_parts.TryGetValue(id, out var list))
        {
            _parts[id] = list = [];
        }

        list.Add(new Part(number, address, length, copy));
    }

    /// <summary>Takes all parts of a message away; null, and nothing is taken, when one is missing.</summary>
    public PartPlace[]? Claim(MessageId id, IReadOnlyList<PartPlace> wanted, int copy)
    {
        if (!_parts.TryGetValue(id, out var list))
        {
            return null;
        }

        var found = new PartPlace[wanted.Count];
        for (var number = 0; number < found.Length; number++)
        {
            var fitting = list.Where(part => part.Number == number && part.Length == wanted[number].Length && part.Copy == copy).ToList();
            if (fitting.Count == 0)
            {
                return null;
            }

            var best = fitting.Find(part => part.Address == wanted[number].Address) is { Length: > 0 } exact ? exact : fitting[^1];
            found[number] = new PartPlace(best.Address, best.Length);
        }

        _parts.Remove(id);
        return found;
    }

    /// <param name="Number">Of the part.</param>
    /// <param name="Address">Where it was met.</param>
    /// <param name="Length">Octets of the message in it.</param>
    /// <param name="Copy">Of the message.</param>
    private readonly record struct Part(int Number, long Address, int Length, int Copy);
}
