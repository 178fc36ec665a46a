using System.Net;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>A session ready for messages, or why there is none.</summary>
/// <param name="Session">The caller's from now on; null on failure.</param>
/// <param name="Key">Where it is kept when idle.</param>
/// <param name="Mx">Name of the exchanger reached, or tried last.</param>
/// <param name="IsReused">True when it came out of the cache.</param>
/// <param name="Number">For the event log's <c>session</c>.</param>
/// <param name="Failure">How recipients fare on failure: Unreachable, Refused or Local.</param>
/// <param name="Verdict">The refusing reply, or code 0 and what went wrong.</param>
internal sealed record Opened(SmtpSession? Session, SessionKey Key, string? Mx, bool IsReused, long Number, OutcomeKind Failure, Verdict Verdict)
{
    public static Opened Failed(OutcomeKind kind, string? mx, IPEndPoint? address, Verdict verdict) =>
        new(null, new SessionKey(SourceId.None, address ?? new IPEndPoint(IPAddress.None, 0), default, default), mx, IsReused: false, 0, kind, verdict);
}
