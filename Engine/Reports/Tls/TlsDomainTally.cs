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
    /// <param name="result">Of the domain.</param>
    /// <param name="mayGrow">Whether the text of another policy or kind of failure may be kept.</param>
    /// <returns>The room that it took, in characters; 0 for none.</returns>
    public int Add(in TlsResult result, bool mayGrow)
    {
        lock (_gate)
        {
            var policy = Find(result, mayGrow, out var size);
            return size + policy.Add(result, mayGrow);
        }
    }

    /// <summary>Takes what was counted before.</summary>
    /// <returns>The room that it took, in characters.</returns>
    public int Restore(TlsPolicyCounts counts)
    {
        lock (_gate)
        {
            var policy = Find(new TlsResult(default, counts.Kind, TlsFailure.None) { PolicyLines = counts.Lines, PolicyHosts = counts.Hosts }, mayGrow: true, out var size);
            return size + policy.Restore(counts);
        }
    }

    public IReadOnlyList<TlsPolicyCounts> Counts()
    {
        lock (_gate)
        {
            return [.. _policies.Select(policy => policy.Counts())];
        }
    }

    private TlsPolicyTally Find(in TlsResult result, bool mayGrow, out int size)
    {
        size = 0;
        foreach (var policy in _policies)
        {
            if (policy.Is(result))
            {
                return policy;
            }
        }

        if (!mayGrow || _policies.Count >= MaxPolicies)
        {
            foreach (var policy in _policies)
            {
                if (policy.Kind == result.Policy)
                {
                    return policy;
                }
            }
        }

        var made = mayGrow ? new TlsPolicyTally(result.Policy, result.PolicyLines, result.PolicyHosts) : new TlsPolicyTally(result.Policy, [], []);
        size = made.Size;
        _policies.Add(made);
        return made;
    }
}
