using Engine.Configuration;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Decides which domains may not send, by what checks say and for how long they have said it. Pure but for the times it is given; one thread.</summary>
/// <remarks>
/// <code>
/// check          standing before          standing after
/// good           any                      good: the contradiction is over, and with it the pause
/// contradiction  good, none               contradicted since now, observed 0
/// contradiction  contradicted             observed grows by the time since the last check, if that contradicted too
/// contradiction  observed ≥ grace         paused under required, told under advise; neither while most domains contradict at once
/// unknown        any                      as it was: no time is added, nothing ends
/// </code>
/// </remarks>
internal sealed class GateMachine
{
    /// <summary>Contradicted domains below which nothing is doubted: a small platform may be that bad.</summary>
    public const int Least = 10;

    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);

    private readonly Dictionary<DomainName, DomainStanding> _standings = [];
    private int _contradicted;

    /// <summary>Grows when the paused domains, or what is said of one, are others.</summary>
    public int PausedVersion { get; private set; }

    /// <summary>Most domains that were checked contradict: it is us or the resolver.</summary>
    public bool IsInDoubt => _contradicted >= Least && _contradicted * 2 > Known;

    /// <summary>Domains whose standing is good or contradicted.</summary>
    public int Known { get; private set; }

    public IReadOnlyCollection<DomainStanding> Standings => _standings.Values;

    public DomainStanding? Find(DomainName domain) => _standings.GetValueOrDefault(domain);

    /// <summary>Takes what a check said.</summary>
    /// <param name="domain">Of whom.</param>
    /// <param name="evidence">What it said.</param>
    /// <param name="reason">What is wrong, in words.</param>
    /// <param name="terms">How the domain is verified.</param>
    /// <param name="now">Wall clock.</param>
    public GateChange Record(DomainName domain, GateEvidence evidence, string reason, VerifyOptions terms, DateTimeOffset now)
    {
        var before = _standings.GetValueOrDefault(domain);
        if (evidence is GateEvidence.Unknown)
        {
            Put((before ?? new DomainStanding(domain, evidence, now)) with { Last = evidence, Checked = now });
            return GateChange.None;
        }

        if (evidence is GateEvidence.Good)
        {
            Put(new DomainStanding(domain, evidence, now));
            return before?.Since is null ? GateChange.None : before.IsTold ? GateChange.Mended : GateChange.Passed;
        }

        var gap = before is { Last: GateEvidence.Contradiction } ? now - before.Checked : TimeSpan.Zero;
        var observed = (before?.Observed ?? TimeSpan.Zero) + (gap <= TimeSpan.Zero ? TimeSpan.Zero : gap < LongestGap ? gap : LongestGap);
        var standing = new DomainStanding(domain, evidence, now) { Since = before?.Since ?? now, Observed = observed, Reason = reason, IsTold = before?.IsTold ?? false, IsPaused = before?.IsPaused ?? false };
        Put(standing);
        var isDue = observed >= terms.Grace && (terms.Level is VerifyLevel.Required ? !standing.IsPaused : !standing.IsTold);
        if (!isDue)
        {
            return before?.Since is null ? GateChange.Contradicted : GateChange.None;
        }

        if (IsInDoubt)
        {
            return GateChange.Doubted;
        }

        var isRequired = terms.Level is VerifyLevel.Required;
        Put(standing with { IsTold = true, IsPaused = isRequired });
        return isRequired ? GateChange.Paused : GateChange.Advised;
    }

    /// <summary>Other terms hold: who is not to be verified any more is forgotten, and no pause stays that they do not give.</summary>
    public void Load(VerifyTerms terms)
    {
        foreach (var standing in _standings.Values.ToArray())
        {
            var one = terms.Of(standing.Domain);
            if (one.Level is VerifyLevel.Off)
            {
                Forget(standing.Domain);
            }
            else if (standing.IsPaused && (one.Level is not VerifyLevel.Required || standing.Observed < one.Grace))
            {
                Put(standing with { IsPaused = false });
            }
        }
    }

    public void Forget(DomainName domain)
    {
        if (_standings.Remove(domain, out var standing))
        {
            Count(standing, -1);
            PausedVersion += standing.IsPaused ? 1 : 0;
        }
    }

    /// <summary>Takes back what was kept over a restart.</summary>
    public void Restore(DomainStanding standing) => Put(standing);

    private void Put(DomainStanding standing)
    {
        if (_standings.TryGetValue(standing.Domain, out var before))
        {
            Count(before, -1);
        }

        _standings[standing.Domain] = standing;
        Count(standing, 1);
        var isSame = standing.IsPaused ? before is { IsPaused: true } && before.Reason == standing.Reason : before is not { IsPaused: true };
        PausedVersion += isSame ? 0 : 1;
    }

    private void Count(DomainStanding standing, int by)
    {
        Known += standing.Since is not null || standing.Last is GateEvidence.Good ? by : 0;
        _contradicted += standing.Since is not null ? by : 0;
    }
}
