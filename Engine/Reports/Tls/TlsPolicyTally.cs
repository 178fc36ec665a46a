using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Counts the sessions under one policy of one domain. Not thread-safe: its domain's lock guards it.</summary>
internal sealed class TlsPolicyTally(TlsPolicyKind kind, IReadOnlyList<string> lines, IReadOnlyList<string> hosts)
{
    /// <summary>Kinds of failure kept apart. A report of eight policies full of them stays far below 10 MiB.</summary>
    public const int MaxDetails = 500;

    private readonly Dictionary<TlsFailureDetail, TlsFailureCount> _failures = [];
    private long _succeeded;

    public TlsPolicyKind Kind => kind;

    /// <summary>The same policy: mostly the very same object.</summary>
    public bool Is(in TlsResult result) =>
        result.Policy == kind
        && (ReferenceEquals(result.PolicyLines, lines) || result.PolicyLines.SequenceEqual(lines))
        && (ReferenceEquals(result.PolicyHosts, hosts) || result.PolicyHosts.SequenceEqual(hosts));

    /// <summary>Counts a session. Allocates only for a detail that is new.</summary>
    /// <param name="result">Of this policy.</param>
    /// <param name="mayGrow">Whether another kind of failure may be kept.</param>
    /// <returns>True when it took room for one.</returns>
    public bool Add(in TlsResult result, bool mayGrow)
    {
        if (result.Failure is TlsFailure.None)
        {
            _succeeded++;
            return false;
        }

        var detail = new TlsFailureDetail(result.Failure, result.SendingAddress, result.ReceivingAddress, result.Mx, result.Reason);
        return Add(new TlsFailureCount(detail, result.Helo, 1), mayGrow);
    }

    /// <summary>Takes what was counted before.</summary>
    public void Restore(TlsPolicyCounts counts)
    {
        _succeeded += counts.Succeeded;
        foreach (var failure in counts.Failures)
        {
            Add(failure, mayGrow: true);
        }
    }

    public TlsPolicyCounts Counts() => new(kind, lines, hosts, _succeeded, [.. _failures.Values]);

    private bool Add(in TlsFailureCount failure, bool mayGrow)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_failures, failure.Detail);
        if (!Unsafe.IsNullRef(ref known))
        {
            known = known with { Sessions = known.Sessions + failure.Sessions };
            return false;
        }

        if (mayGrow && _failures.Count < MaxDetails)
        {
            _failures.Add(failure.Detail, failure);
            return true;
        }

        var rest = TlsFailureDetail.RestOf(failure.Detail.Failure);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_failures, rest, out _);
        count = new TlsFailureCount(rest, null, count.Sessions + failure.Sessions);
        return false;
    }
}
