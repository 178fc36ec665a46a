using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>
/// The policies we have, by domain: never more than so many, and never more than so many letters of patterns. Thread-safe. What goes first: large ones, then those that ask for
/// nothing or are tested, then enforced ones; of each who was not asked for longest. So who fills it with anything loses his own first.
/// </summary>
/// <param name="most">Policies kept.</param>
/// <param name="mostLetters">Letters in names and patterns together; two octets each.</param>
internal sealed class StsPolicies(int most, long mostLetters)
{
    /// <summary>What bounds them by default: many more domains than a sender of billions has with a policy, at 100 MB at worst.</summary>
    public const int Most = 200_000;

    public const long MostLetters = 33_554_432;

    /// <summary>Letters above which one is large: policies in use have a hundred or two.</summary>
    private const int Large = 1_024;

    /// <summary>Of one parent that are due in one turn: who has thousands whose hosts hang must not keep the refreshes of others waiting.</summary>
    private const int MostDueOfParent = 32;

    /// <summary>Policies of domains without mail for so long are not fetched again; they end by their own age.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<DomainName, LinkedListNode<StsHolding>> _byDomain = [];

    // By worth, least first; in each those longest unused first.
    private readonly LinkedList<StsHolding>[] _byUse = [new(), new(), new()];
    private readonly int[] _byMode = new int[3];
    private long _letters;

    /// <summary>Grows with every change; for who saves them.</summary>
    public long Version
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byDomain.Count;
            }
        }
    }

    public int CountOf(StsMode mode)
    {
        lock (_gate)
        {
            return _byMode[(int)mode];
        }
    }

    /// <summary>The policy of a domain that holds now; asking counts as use. One that has ended is dropped.</summary>
    public StsEntry? Find(DomainName domain, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_byDomain.TryGetValue(domain, out var node))
            {
                return null;
            }

            if (node.Value.Entry!.Ends <= now)
            {
                Drop(node);
                return null;
            }

            node.Value.UsedAt = now;
            Place(node);
            return node.Value.Entry;
        }
    }

    /// <summary>The policy of a domain, for looking only.</summary>
    public StsEntry? Peek(DomainName domain)
    {
        lock (_gate)
        {
            return _byDomain.GetValueOrDefault(domain)?.Value.Entry;
        }
    }

    /// <summary>Where the policy of a domain is kept, for who wants to know it without asking here; null when there is none.</summary>
    public StsHolding? HoldingOf(DomainName domain)
    {
        lock (_gate)
        {
            return _byDomain.GetValueOrDefault(domain)?.Value;
        }
    }

    /// <summary>Takes a policy in, in place of what was there. It may go at once, when all others are worth more.</summary>
    public void Put(StsEntry entry, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_byDomain.TryGetValue(entry.Domain, out var node))
            {
                Tally(node.Value.Entry!, -1);
                node.Value.Entry = entry;
            }
            else
            {
                node = new LinkedListNode<StsHolding>(new StsHolding(entry, now));
                _byDomain.Add(entry.Domain, node);
            }

            Place(node);
            Tally(entry, 1);
            while (_byDomain.Count > most || _letters > mostLetters)
            {
                Drop(FirstToGo(now));
            }
        }
    }

    /// <summary>Sets when a policy is to be fetched again; nothing when it has gone or changed.</summary>
    public void Postpone(StsEntry entry, DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_byDomain.TryGetValue(entry.Domain, out var node) && node.Value.Entry!.Fetched == entry.Fetched)
            {
                node.Value.Entry = entry with { RefreshAt = until };
            }
        }
    }

    /// <summary>Those to be fetched again now, enforced ones first, of those the first to end; those that have ended are dropped. Walks over all: for once a minute.</summary>
    public IReadOnlyList<StsEntry> TakeDue(DateTimeOffset now, int count)
    {
        lock (_gate)
        {
            var due = new List<StsEntry>();
            foreach (var node in _byDomain.Values)
            {
                node.Value.NoteUse(now);
                var entry = node.Value.Entry!;
                if (entry.Ends <= now)
                {
                    Drop(node);
                }
                else if (entry.RefreshAt <= now && now - node.Value.UsedAt < Forgotten)
                {
                    due.Add(entry);
                }
            }

            var ofParents = new Dictionary<string, int>(StringComparer.Ordinal);
            return [.. due
                .OrderBy(static entry => entry.Policy.Mode is not StsMode.Enforce)
                .ThenBy(static entry => entry.Ends)
                .Where(entry => (ofParents[StsPlaces.ParentOf(entry.Domain)] = ofParents.GetValueOrDefault(StsPlaces.ParentOf(entry.Domain)) + 1) <= MostDueOfParent)
                .Take(count)];
        }
    }

    /// <summary>A copy of all, those first that would go first.</summary>
    public IReadOnlyList<StsEntry> All()
    {
        lock (_gate)
        {
            return [.. _byUse.SelectMany(static held => held).Select(static holding => holding.Entry!)];
        }
    }

    private static long LettersOf(StsEntry entry) => entry.Domain.Name.Length + entry.Policy.Patterns.Sum(static pattern => (long)pattern.Length);

    private static int WorthOf(StsEntry entry) => LettersOf(entry) > Large ? 0 : entry.Policy.Mode is StsMode.Enforce ? 2 : 1;

    // Behind all others of its worth.
    private void Place(LinkedListNode<StsHolding> node)
    {
        node.List?.Remove(node);
        node.Value.PlacedAt = node.Value.UsedAt;
        _byUse[WorthOf(node.Value.Entry!)].AddLast(node);
    }

    // Use that verdicts marked is taken in here: each mark costs one step once.
    private LinkedListNode<StsHolding> FirstToGo(DateTimeOffset now)
    {
        var held = _byUse.First(static held => held.Count > 0);
        while (true)
        {
            var node = held.First!;
            node.Value.NoteUse(now);
            if (node.Value.UsedAt <= node.Value.PlacedAt)
            {
                return node;
            }

            Place(node);
        }
    }

    private void Drop(LinkedListNode<StsHolding> node)
    {
        var entry = node.Value.Entry!;
        node.List!.Remove(node);
        _byDomain.Remove(entry.Domain);
        Tally(entry, -1);
        node.Value.Entry = null;
    }

    private void Tally(StsEntry entry, int change)
    {
        _byMode[(int)entry.Policy.Mode] += change;
        _letters += change * LettersOf(entry);
        Version++;
    }
}
