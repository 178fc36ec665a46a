using System.Net;
using System.Runtime.CompilerServices;
using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Trust;

/// <summary>Tells who counts them what TLS came to, one result a session attempted. RFC 8460 §4.3. Thread-safe.</summary>
/// <param name="results">Null counts nothing.</param>
internal sealed class TlsTally(ITlsResults? results)
{
    private readonly ConditionalWeakTable<TlsRequirement, IReadOnlyList<string>> _lines = [];

    /// <summary>A host that must not be used.</summary>
    public void Refused(DomainName domain, TlsRequirement requirement, TlsDemand demand, string host, IPAddress? from)
    {
        if (demand.Fault is not TlsFailure.None)
        {
            Record(new TlsResult(domain, demand.Policy, demand.Fault) { SendingAddress = from, Mx = host, Reason = demand.Refusal }, requirement, demand);
        }
    }

    /// <summary>A session that was opened, or broke on TLS. One that never came so far says nothing about it.</summary>
    /// <param name="domain">Whose mail.</param>
    /// <param name="requirement">What the domain asks.</param>
    /// <param name="demand">What it had to come to.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="isEncrypted">Whether there was a handshake.</param>
    /// <param name="seen">What the certificate came to.</param>
    /// <param name="parties">Who spoke with whom.</param>
    public void Opened(DomainName domain, TlsRequirement requirement, TlsDemand demand, in OpenResult result, bool isEncrypted, ServerCheck seen, in TlsParties parties)
    {
        if (results is null || demand.Level is Configuration.TlsPolicy.Off || FailureOf(demand, result, isEncrypted, seen) is not { } failure)
        {
            return;
        }

        var told = new TlsResult(domain, demand.Policy, failure)
        {
            SendingAddress = parties.From,
            ReceivingAddress = parties.To,
            Mx = parties.Host,
            Helo = parties.Helo,
            Reason = seen.Reason ?? (failure is TlsFailure.TlsaInvalid ? "no TLSA record can be used" : null),
        };
        Record(told, requirement, demand);
    }

    private static TlsFailure? FailureOf(TlsDemand demand, in OpenResult result, bool isEncrypted, ServerCheck seen) => result.State switch
    {
        OpenState.TlsFailed => seen.Failure is TlsFailure.None ? TlsFailure.ValidationFailure : seen.Failure,
        OpenState.NoTls => TlsFailure.StartTlsNotSupported,
        OpenState.Refused when result.Verdict.Command is SmtpCommand.StartTls => TlsFailure.StartTlsNotSupported,
        OpenState.Ready when !isEncrypted => TlsFailure.StartTlsNotSupported,
        OpenState.Ready or OpenState.NoRequireTls or OpenState.NoEhlo or OpenState.NoLogin => seen.Failure is TlsFailure.None ? demand.Fault : seen.Failure,
        _ => null,
    };

    private void Record(in TlsResult told, TlsRequirement requirement, TlsDemand demand) => results?.Record(demand.Policy switch
    {
        TlsPolicyKind.Tlsa => told with { PolicyLines = demand.Tlsa?.Lines ?? [], PolicyHosts = [demand.Tlsa?.Name ?? told.Mx ?? string.Empty] },
        TlsPolicyKind.Sts => told with { PolicyLines = LinesOf(requirement), PolicyHosts = requirement.MxPatterns },
        _ => told,
    });

    private IReadOnlyList<string> LinesOf(TlsRequirement requirement) => _lines.GetValue(
        requirement,
        static policy => ["version: STSv1", policy.Sts is StsMode.Enforce ? "mode: enforce" : "mode: testing", .. policy.MxPatterns.Select(static pattern => $"mx: {pattern}")]);
}
