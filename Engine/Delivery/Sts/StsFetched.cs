using Engine.Mail;

namespace Engine.Delivery.Sts;

/// <summary>What a fetch brought.</summary>
/// <param name="Policy">Null when none was had.</param>
/// <param name="Failure">For the TLS report; none with a policy. RFC 8460 §4.3.2.</param>
/// <param name="Reason">A few words of ours; empty with a policy.</param>
internal readonly record struct StsFetched(StsPolicy? Policy, TlsFailure Failure, string Reason)
{
    public static StsFetched Failed(TlsFailure failure, string reason) => new(null, failure, reason);
}
