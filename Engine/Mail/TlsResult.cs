using System.Net;

namespace Engine.Mail;

/// <summary>What TLS came to in one session with an exchanger, or in fetching a policy: a TLS report counts these. RFC 8460 §4.4.</summary>
/// <param name="Domain">The policy domain: the recipient's, whose mail opened the session.</param>
/// <param name="Policy">Whose policy it was held against.</param>
/// <param name="Failure">None for a session that was as the policy wants it.</param>
internal readonly record struct TlsResult(DomainName Domain, TlsPolicyKind Policy, TlsFailure Failure)
{
    /// <summary>The policy's own lines, <c>policy-string</c>: those of an STS policy, or TLSA records in presentation form. The same object for the same policy.</summary>
    public IReadOnlyList<string> PolicyLines { get; init; } = [];

    /// <summary><c>mx-host</c>: the patterns of an STS policy, or the name the TLSA records stand at.</summary>
    public IReadOnlyList<string> PolicyHosts { get; init; } = [];

    /// <summary><c>sending-mta-ip</c>; null when unknown, and for a policy fetch.</summary>
    public IPAddress? SendingAddress { get; init; }

    /// <summary><c>receiving-ip</c>.</summary>
    public IPAddress? ReceivingAddress { get; init; }

    /// <summary><c>receiving-mx-hostname</c>.</summary>
    public string? Mx { get; init; }

    /// <summary><c>receiving-mx-helo</c>: the name the server gave itself.</summary>
    public string? Helo { get; init; }

    /// <summary><c>failure-reason-code</c>: a few words of ours, never a server's.</summary>
    public string? Reason { get; init; }
}
