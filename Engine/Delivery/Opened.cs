using System.Net;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
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
    /// <summary>Whose mail it was opened for, and what that asks of TLS; mail that asks something else does not go over it.</summary>
    public SessionWish Wish { get; init; }

    /// <summary>What was in force when it was opened.</summary>
    public OpeningNeeds? Needs { get; init; }

    /// <summary>The policy that was in force towards its destination.</summary>
    public TlsPolicy Policy { get; init; }

    /// <summary>Hosts were connected to, or it was tried.</summary>
    public bool HasConnected { get; init; }

    /// <summary>What TLS with a host came to, or its refusal beforehand, is part of the failure, and would be no other for the same mail over another connection.</summary>
    public bool IsLacking { get; init; }

    /// <summary>The host cannot do what was asked, by its own word within verified TLS, or must never be used: no attempt changes that. Anything less may be mended, or forged.</summary>
    public bool IsFinal { get; init; }

    /// <summary>It is for this mail's own wish that there is none: other mail may well go there. A refusal by a host that was asked nothing of the kind is no such thing, whatever its code.</summary>
    public bool IsOwnWish => Wish.Tls is TlsWish.Required && (Failure is OutcomeKind.NotOffered || IsLacking);

    /// <summary>Whether other mail asks the same. REQUIRETLS holds towards one domain: the host may be vouched for towards it alone (RFC 8689 §4.2.1).</summary>
    public bool Serves(in SessionWish wish) => wish.Tls == Wish.Tls && (wish.Tls is not TlsWish.Required || wish.Domain == Wish.Domain);

    public static Opened Failed(OutcomeKind kind, string? mx, IPEndPoint? address, Verdict verdict) =>
        new(null, new SessionKey(SourceId.None, address ?? new IPEndPoint(IPAddress.None, 0), default, default), mx, IsReused: false, 0, kind, verdict);

    /// <summary>What a batch's verdicts brought, who was taken out of it before included.</summary>
    /// <param name="batch">Sent here, or not.</param>
    /// <param name="source">It left by.</param>
    /// <param name="relay">The relay of the lane; null for none.</param>
    /// <param name="duration">From MAIL to the last reply.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="judge">What a verdict means, from where the session was left.</param>
    public Outcome[] OutcomesOf(Batch batch, SourceId source, RelayLane? relay, TimeSpan duration, DateTimeOffset now, Func<Verdict, (OutcomeKind Kind, Verdict Verdict)> judge)
    {
        var outcomes = new Outcome[batch.Count];
        var verdicts = batch.Verdicts.Span;
        for (var position = 0; position < outcomes.Length; position++)
        {
            var (kind, verdict) = judge(verdicts[position]);
            outcomes[position] = new Outcome
            {
                Slot = batch.SlotAt(position),
                Kind = relay?.Judge(kind, verdict) ?? kind,
                Code = verdict.Code,
                Enhanced = verdict.Enhanced,
                Text = verdict.Text ?? string.Empty,
                Command = verdict.Command,
                Recipients = outcomes.Length,
                Source = source,
                Relay = relay?.Name,
                ReturnPath = batch.ReturnPath,
                Mx = Mx,
                MxAddress = Session is null && Key.Address.Port == 0 ? null : Key.Address.Address,
                Tls = Session?.Tls,
                Session = Number,
                // What a server tells of success goes to the return path: to the submitter only where that is his.
                IsDsnPassedOn = batch.ReturnPath is null && Session?.Offer.Has(Extensions.Dsn) is true,
                Duration = duration,
                At = now,
            };
        }

        return batch.HasDropped ? [.. outcomes, .. batch.TakeDropped(source, now)] : outcomes;
    }
}
