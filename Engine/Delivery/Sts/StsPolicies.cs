using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>The policies we have, by domain: never more than so many, and never more than so many letters of patterns. Who was not asked for longest goes first. Thread-safe.</summary>
/// <param name="most">Policies kept.</param>
/// <param name="mostLetters">Letters in names and patterns together; two octets each.</param>
internal sealed class StsPolicies(int most, long mostLetters)
{
    /// <summary>What bounds them by default: many more domains than a sender of billions has with a policy, at 100 MB at worst.</summary>
    public const int Most = 200_000;

    public const long MostLetters = 33_554_432;

    /// <summary>Policies of domains without mail for so long are not fetched again; they end by their own age.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<DomainName, LinkedListNode<Held>> _byDomain = [];
    private readonly LinkedList<Held> _byUse = [];
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

            if (node.Value.Entry.Ends <= now)
            {
                Drop(node);
                return null;
            }

            node.Value = node.Value with { UsedAt = now };
            _byUse.Remove(node);
            _byUse.AddLast(node);
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

    /// <summary>Takes a policy in, in place of what was there.</summary>
    public void Put(StsEntry entry, DateTimeOffset now)
    {
        lock (_gate)
        {
            var usedAt = now;
            if (_byDomain.TryGetValue(entry.Domain, out var old))
            {
                usedAt = old.Value.UsedAt;
                Drop(old);
            }

            _byDomain.Add(entry.Domain, _byUse.AddLast(new Held(entry, usedAt)));
            _byMode[(int)entry.Policy.Mode]++;
            _letters += LettersOf(entry);
            Version++;
            while (_byDomain.Count > most || _letters > mostLetters)
            {
                Drop(_byUse.First!);
            }
        }
    }

    /// <summary>Sets when a policy is to be fetched again; nothing when it has gone or changed.</summary>
    public void Postpone(StsEntry entry, DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_byDomain.TryGetValue(entry.Domain, out var node) && node.Value.Entry.Fetched == entry.Fetched)
            {
                node.Value = node.Value with { Entry = entry with { RefreshAt = until } };
            }
        }
    }

    /// <summary>Those to be fetched again now, the first to end first; those that have ended are dropped. Walks over all: for once a minute.</summary>
    public IReadOnlyList<StsEntry> TakeDue(DateTimeOffset now, int count)
    {
        lock (_gate)
        {
            var due = new List<StsEntry>();
            for (var node = _byUse.First; node is not null;)
            {
                var (held, next) = (node.Value, node.Next);
                if (held.Entry.Ends <= now)
                {
                    Drop(node);
                }
                else if (held.Entry.RefreshAt <= now && now - held.UsedAt < Forgotten)
                {
                    due.Add(held.Entry);
                }

                node = next;
            }

            return [.. due.OrderBy(static entry => entry.Ends).Take(count)];
        }
    }

    /// <summary>A copy of all, those longest unused first.</summary>
    public IReadOnlyList<StsEntry> All()
    {
        lock (_gate)
        {
            return [.. _byUse.Select(static held => held.Entry)];
        }
    }

    private static long LettersOf(StsEntry entry) => entry.Domain.Name.Length + entry.Policy.Patterns.Sum(static pattern => (long)pattern.Length);

    private void Drop(LinkedListNode<Held> node)
    {
        _byUse.Remove(node);
        _byDomain.Remove(node.Value.Entry.Domain);
        _byMode[(int)node.Value.Entry.Policy.Mode]--;
        _letters -= LettersOf(node.Value.Entry);
        Version++;
    }

    private readonly record struct Held(StsEntry Entry, DateTimeOffset UsedAt);
}
