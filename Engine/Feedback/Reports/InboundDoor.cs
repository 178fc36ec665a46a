using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Knows which addresses mail is taken for, and which tokens are good. No I/O. Thread-safe.</summary>
/// <param name="current">Names and lifetimes follow it.</param>
/// <param name="ring">The keys in force; null while there are none.</param>
/// <param name="clock">For expiry.</param>
internal sealed class InboundDoor(CurrentSnapshot current, Func<TokenRing?> ring, TimeProvider clock)
{
    private Known _known = new(current.Value);

    private sealed class Known(Snapshot snapshot)
    {
        public Snapshot Snapshot { get; } = snapshot;

        public OwnNames Names { get; } = new(snapshot.Options);

        public Mailbox[] Complaints { get; } = [.. snapshot.Options.Feedback.Complaints.Select(Read).Where(address => !address.IsNull)];

        private static Mailbox Read(string text) => Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out var address) ? address : default;
    }

    /// <summary>Judges a recipient.</summary>
    /// <param name="address">As given; its octets are borrowed.</param>
    /// <param name="recipient">Who it is, with octets of its own; only when none is returned.</param>
    /// <returns>None when mail to it is taken; else why not.</returns>
    public InboundRejection Judge(in Mailbox address, out InboundRecipient recipient)
    {
        var known = InForce();
        recipient = default;
        if (IsComplaints(known, address))
        {
            recipient = new InboundRecipient(InboundKind.Complaints, address.Detach());
            return InboundRejection.None;
        }

        if (!known.Names.IsOurs(address.Domain))
        {
            return InboundRejection.Relay;
        }

        if (RoleOf(address.Local) is { } role)
        {
            recipient = new InboundRecipient(role, address.Detach());
            return InboundRejection.None;
        }

        if (!known.Names.IsReturnPath(address.Domain))
        {
            return InboundRejection.Unknown;
        }

        var verdict = Open(known, address.Local, out var token);
        recipient = verdict is TokenVerdict.Good ? new InboundRecipient(InboundKind.Token, address.Detach(), token) : default;
        return verdict switch
        {
            TokenVerdict.Good => InboundRejection.None,
            TokenVerdict.Expired => InboundRejection.Expired,
            TokenVerdict.Forged => InboundRejection.Forged,
            _ => InboundRejection.Unknown,
        };
    }

    /// <summary><c>RCPT TO:&lt;postmaster&gt;</c>, the one address without a domain. RFC 5321 §4.1.1.3, §4.5.1.</summary>
    public InboundRecipient BarePostmaster()
    {
        var host = InForce().Names.Hostname.Name;
        return new InboundRecipient(InboundKind.Postmaster, Mailbox.Parse(host.Length > 0 ? $"postmaster@{host}" : "postmaster@localhost"));
    }

    /// <summary>Opens what may be a token made for this purpose.</summary>
    public TokenVerdict Open(ReadOnlySpan<byte> text, TokenPurpose purpose, out ReturnToken token) => Open(InForce(), text, purpose, out token);

    private static bool IsComplaints(Known known, in Mailbox address)
    {
        foreach (var complaints in known.Complaints)
        {
            if (complaints.Domain == address.Domain && Ascii.EqualsIgnoreCase(complaints.Local, address.Local))
            {
                return true;
            }
        }

        return false;
    }

    private static InboundKind? RoleOf(ReadOnlySpan<byte> local) =>
        Ascii.EqualsIgnoreCase(local, "postmaster"u8) ? InboundKind.Postmaster
        : Ascii.EqualsIgnoreCase(local, "abuse"u8) ? InboundKind.Abuse
        : null;

    // The purpose is part of the token: only one of the three can be anything but forged.
    private TokenVerdict Open(Known known, ReadOnlySpan<byte> text, out ReturnToken token)
    {
        var verdict = Open(known, text, TokenPurpose.Bounce, out token);
        verdict = verdict is TokenVerdict.Forged ? Open(known, text, TokenPurpose.Unsubscribe, out token) : verdict;
        return verdict is TokenVerdict.Forged ? Open(known, text, TokenPurpose.Complaint, out token) : verdict;
    }

    private TokenVerdict Open(Known known, ReadOnlySpan<byte> text, TokenPurpose purpose, out ReturnToken token)
    {
        token = default;
        var feedback = known.Snapshot.Options.Feedback;
        return ring()?.TryOpen(text, purpose, clock.GetUtcNow(), purpose is TokenPurpose.Bounce ? feedback.VerpLifetime : feedback.UnsubscribeLifetime, out token) ?? TokenVerdict.NotOurs;
    }

    private Known InForce()
    {
        var (known, snapshot) = (Volatile.Read(ref _known), current.Value);
        if (!ReferenceEquals(known.Snapshot, snapshot))
        {
            known = new Known(snapshot);
            Volatile.Write(ref _known, known);
        }

        return known;
    }
}
