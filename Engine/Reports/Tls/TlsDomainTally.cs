using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Counts the sessions of one policy domain in one day. Thread-safe; its lock is its own, so that domains do not wait for each other.</summary>
internal sealed class TlsDomainTally
{
    /// <summary>Policies kept apart; a domain that changes its policy more often has the rest counted under one of the same kind.</summary>
    public const int MaxPolicies = 8;

    private readonly Lock _gate = new();
    private readonly List<TlsPolicyTally> _policies = [];

    /// <summary>Counts a session.</summary>
    /// <returns>True when it took room for a kind of failure.</returns>
    public bool Add(in TlsResult result, bool mayGrow)
    {
        lock (_gate)
        {
            return Find(result).Add(result, mayGrow);
        }
    }

    /// <summary>Takes what was counted before.</summary>
    public void Restore(TlsPolicyCounts counts)
    {
        lock (_gate)
        {
            Find(new TlsResult(default, counts.Kind, TlsFailure.None) { PolicyLines = counts.Lines, PolicyHosts = counts.Hosts }).Restore(counts);
        }
    }

    public IReadOnlyList<TlsPolicyCounts> Counts()
    {
        lock (_gate)
        {
            return [.. _policies.Select(policy => policy.Counts())];
        }
    }

    private TlsPolicyTally Find(in TlsResult result)
    {
        foreach (var policy in _policies)
        {
            if (policy.Is(result))
            {
                return policy;
            }
        }

        if (_policies.Count >= MaxPolicies)
        {
            foreach (var policy in _policies)
            {
                if (policy.Kind == result.Policy)
                {
                    return policy;
                }
            }
        }

        var made = new TlsPolicyTally(result.Policy, result.PolicyLines, result.PolicyHosts);
        _policies.Add(made);
        return made;
    }
}
