using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Counts the sessions under one policy of one domain. Not thread-safe: its domain's lock guards it.</summary>
internal sealed class TlsPolicyTally(TlsPolicyKind kind, IReadOnlyList<string> lines, IReadOnlyList<string> hosts)
{
    /// <summary>Lines, and hosts, kept of a policy: a stranger's zone may hold very many.</summary>
    public const int MaxLines = 16;

    /// <summary>Characters kept of each, and of each text of a failure. A TLSA record with a digest has 70 or 134.</summary>
    public const int MaxText = 256;

    /// <summary>Kinds of failure kept apart. A report of eight policies full of them stays far below 10 MiB.</summary>
    public const int MaxDetails = 500;

    // Octets of a dictionary's entry, about.
    private const int DetailCost = 80;

    private readonly IReadOnlyList<string> _lines = Cut(lines);
    private readonly IReadOnlyList<string> _hosts = Cut(hosts);
    private readonly Dictionary<TlsFailureDetail, TlsFailureCount> _failures = [];
    private long _succeeded;

    public TlsPolicyKind Kind => kind;

    /// <summary>Characters that it holds without its failures.</summary>
    public int Size => _lines.Sum(line => line.Length) + _hosts.Sum(host => host.Length);

    /// <summary>The same policy, as far as it is kept: mostly the very same object.</summary>
    public bool Is(in TlsResult result) => result.Policy == kind && IsSame(result.PolicyLines, _lines) && IsSame(result.PolicyHosts, _hosts);

    /// <summary>Counts a session. Allocates only for a detail that is new.</summary>
    /// <param name="result">Of this policy.</param>
    /// <param name="mayGrow">Whether another kind of failure may be kept.</param>
    /// <returns>The room that it took; 0 for none.</returns>
    public int Add(in TlsResult result, bool mayGrow)
    {
        if (result.Failure is TlsFailure.None)
        {
            _succeeded++;
            return 0;
        }

        var detail = new TlsFailureDetail(result.Failure, result.SendingAddress, result.ReceivingAddress, Cut(result.Mx), Cut(result.Reason));
        return Add(new TlsFailureCount(detail, result.Helo, 1), mayGrow);
    }

    /// <summary>Takes what was counted before.</summary>
    /// <returns>The room that it took.</returns>
    public int Restore(TlsPolicyCounts counts)
    {
        _succeeded += counts.Succeeded;
        return counts.Failures.Sum(failure => Add(failure with { Detail = failure.Detail with { Mx = Cut(failure.Detail.Mx), Reason = Cut(failure.Detail.Reason) } }, mayGrow: true));
    }

    public TlsPolicyCounts Counts() => new(kind, _lines, _hosts, _succeeded, [.. _failures.Values]);

    private static IReadOnlyList<string> Cut(IReadOnlyList<string> texts) =>
        texts.Count <= MaxLines && texts.All(static text => text.Length <= MaxText) ? texts : [.. texts.Take(MaxLines).Select(static text => Cut(text)!)];

    private static string? Cut(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    // Against the cut ones, without cutting anew.
    private static bool IsSame(IReadOnlyList<string> told, IReadOnlyList<string> kept)
    {
        if (ReferenceEquals(told, kept))
        {
            return true;
        }

        if (Math.Min(told.Count, MaxLines) != kept.Count)
        {
            return false;
        }

        for (var at = 0; at < kept.Count; at++)
        {
            if (!told[at].AsSpan(0, Math.Min(told[at].Length, MaxText)).SequenceEqual(kept[at]))
            {
                return false;
            }
        }

        return true;
    }

    private int Add(in TlsFailureCount failure, bool mayGrow)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_failures, failure.Detail);
        if (!Unsafe.IsNullRef(ref known))
        {
            known = known with { Sessions = known.Sessions + failure.Sessions };
            return 0;
        }

        if (mayGrow && _failures.Count < MaxDetails)
        {
            _failures.Add(failure.Detail, failure with { Helo = Cut(failure.Helo) });
            return DetailCost + (failure.Detail.Mx?.Length ?? 0) + (failure.Detail.Reason?.Length ?? 0) + Math.Min(failure.Helo?.Length ?? 0, MaxText);
        }

        var rest = TlsFailureDetail.RestOf(failure.Detail.Failure);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_failures, rest, out _);
        count = new TlsFailureCount(rest, null, count.Sessions + failure.Sessions);
        return 0;
    }
}
