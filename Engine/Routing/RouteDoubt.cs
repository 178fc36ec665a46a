using Engine.Mail;

namespace Engine.Routing;

/// <summary>
/// Doubts a resolver that says most domains do not exist: then it lies or is broken, and mail waits instead of bouncing. Pure but for the
/// times it is given; thread-safe. Domains are counted once in five to ten minutes, however many recipients they have.
/// </summary>
internal sealed class RouteDoubt
{
    /// <summary>Missing domains below which nothing is doubted: a small list may be that bad.</summary>
    public const int Least = 20;

    /// <summary>Distinct domains kept for a span; beyond it the shares are good enough.</summary>
    private const int Most = 20_000;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private (HashSet<DomainName> Found, HashSet<DomainName> Missing) _young = ([], []);
    private (HashSet<DomainName> Found, HashSet<DomainName> Missing) _old = ([], []);
    private DateTimeOffset _turned;

    /// <summary>Whether answers of that kind are doubted now.</summary>
    public bool IsOn { get; private set; }

    /// <summary>The domain has exchangers.</summary>
    public void Found(DomainName domain, DateTimeOffset now)
    {
        lock (_gate)
        {
            Turn(now);
            Add(_young.Found, domain);
            Judge();
        }
    }

    /// <summary>The resolver says that there is no such domain, or nothing that takes mail.</summary>
    /// <param name="domain">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="isNews">True when the doubt begins with this one.</param>
    /// <returns>True when it is not to be believed now.</returns>
    public bool Missing(DomainName domain, DateTimeOffset now, out bool isNews)
    {
        lock (_gate)
        {
            Turn(now);
            var before = IsOn;
            Add(_young.Missing, domain);
            Judge();
            isNews = IsOn && !before;
            return IsOn;
        }
    }

    private static void Add(HashSet<DomainName> domains, DomainName domain)
    {
        if (domains.Count < Most)
        {
            domains.Add(domain);
        }
    }

    private void Turn(DateTimeOffset now)
    {
        if (now - _turned >= Span)
        {
            _old = now - _turned >= 2 * Span ? ([], []) : _young;
            (_young, _turned) = (([], []), now);
        }
    }

    // Most of what was asked lately: more than half, and enough to tell.
    private void Judge()
    {
        var (missing, found) = (_young.Missing.Count + _old.Missing.Count, _young.Found.Count + _old.Found.Count);
        IsOn = missing >= Least && missing > found;
    }
}
