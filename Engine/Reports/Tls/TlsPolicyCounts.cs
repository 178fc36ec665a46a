using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>What sessions under one policy of a domain came to in a day: an entry of <c>policies</c>. Immutable. RFC 8460 §4.4.</summary>
/// <param name="Kind">Whose policy.</param>
/// <param name="Lines"><c>policy-string</c>.</param>
/// <param name="Hosts"><c>mx-host</c>.</param>
/// <param name="Succeeded">Sessions that were as the policy wants them.</param>
/// <param name="Failures">The others.</param>
internal sealed record TlsPolicyCounts(TlsPolicyKind Kind, IReadOnlyList<string> Lines, IReadOnlyList<string> Hosts, long Succeeded, IReadOnlyList<TlsFailureCount> Failures)
{
    public long Failed => Failures.Sum(failure => failure.Sessions);
}
