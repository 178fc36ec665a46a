using System.Net;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>What failed sessions must have in common to be counted together. RFC 8460 §4.3.1.</summary>
/// <param name="Failure">Never none.</param>
/// <param name="Sending"><c>sending-mta-ip</c>; null when unknown.</param>
/// <param name="Receiving"><c>receiving-ip</c>; null for a policy fetch.</param>
/// <param name="Mx"><c>receiving-mx-hostname</c>.</param>
/// <param name="Reason"><c>failure-reason-code</c>, our own words.</param>
internal readonly record struct TlsFailureDetail(TlsFailure Failure, IPAddress? Sending, IPAddress? Receiving, string? Mx, string? Reason)
{
    /// <summary>The reason given for those that are counted without their details.</summary>
    public const string Rest = "too many kinds of failure to keep apart: the rest of this result type";

    public static TlsFailureDetail RestOf(TlsFailure failure) => new(failure, null, null, null, Rest);
}
