using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Which domains are checked, and when next: those of the configuration, and those that sent in the last day; at most 100 000. Thread-safe.</summary>
/// <param name="chance">Spreads the checks.</param>
/// <param name="clock">The time.</param>
internal sealed class CheckRoster(Random chance, TimeProvider clock)
{
    /// <summary>Domains checked; senders beyond it are not looked at before others have left. About 20 MB.</summary>
    public const int Most = 100_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // What is wrong may be mended any minute, and what was not answered may be soon.
    private static readonly TimeSpan Sooner = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    // Written no more often than this, so that a busy sender costs a look-up a message.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    // At the start and at a reload: ten a second.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<DomainName, DateTimeOffset> _seen = new();
    private readonly PriorityQueue<DomainName, DateTimeOffset> _due = new();
    private readonly Lock _gate = new();
    private HashSet<DomainName> _configured = [];

    /// <summary>A domain was added: whoever waits for the next due one should look again. Any thread.</summary>
    public event Action? Added;

    public int Count => _seen.Count;

    /// <summary>Mail of the domain came in. Any thread; allocates nothing for one that is known.</summary>
    public void Note(DomainName domain)
    {
        var now = clock.GetUtcNow();
        if (_seen.TryGetValue(domain, out var seen))
        {
            if (now - seen >= Fresh)
            {
                _seen.TryUpdate(domain, now, seen);
            }
        }
        else
        {
            Add(domain, now, now);
        }
    }

    /// <summary>Takes what the configuration names.</summary>
    public void Load(VerifyTerms terms)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            _configured = [.. terms.Configured];
        }

        var at = now;
        foreach (var domain in terms.Configured.Where(domain => !_seen.ContainsKey(domain)))
        {
            Add(domain, now, at);
            at += Step;
        }
    }

    /// <summary>Adds a domain that is paused since before the start.</summary>
    public void Restore(DomainName domain) => Add(domain, clock.GetUtcNow(), clock.GetUtcNow());

    /// <summary>Takes a domain that is due; put it back with <see cref="Return"/>.</summary>
    /// <param name="domain">Which.</param>
    /// <param name="next">Otherwise: when one will be; null for never.</param>
    public bool TryTake(out DomainName domain, out DateTimeOffset? next)
    {
        lock (_gate)
        {
            next = null;
            if (_due.TryPeek(out domain, out var due) && due <= clock.GetUtcNow())
            {
                _due.Dequeue();
                return true;
            }

            next = _due.Count > 0 ? due : null;
            return false;
        }
    }

    /// <summary>Whether a domain is still to be checked: it is configured, sent in the last day, or is paused.</summary>
    public bool IsWanted(DomainName domain, bool isPaused)
    {
        lock (_gate)
        {
            return isPaused || _configured.Contains(domain) || (_seen.TryGetValue(domain, out var seen) && clock.GetUtcNow() - seen <= Remembered);
        }
    }

    /// <summary>After its check: an hour later again, sooner where that was not good.</summary>
    public void Return(DomainName domain, bool isGood)
    {
        lock (_gate)
        {
            _due.Enqueue(domain, clock.GetUtcNow() + ((isGood ? Interval : Sooner) * (0.9 + (0.2 * chance.NextDouble()))));
        }
    }

    /// <summary>Whether it is on the roster.</summary>
    public bool Knows(DomainName domain) => _seen.ContainsKey(domain);

    /// <summary>It is checked no more, until it is seen again.</summary>
    public void Drop(DomainName domain) => _seen.TryRemove(domain, out _);

    private void Add(DomainName domain, DateTimeOffset now, DateTimeOffset due)
    {
        if (domain.IsEmpty || _seen.Count >= Most || !_seen.TryAdd(domain, now))
        {
            return;
        }

        lock (_gate)
        {
            _due.Enqueue(domain, due);
        }

        Added?.Invoke();
    }
}
