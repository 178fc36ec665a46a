using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Reputation.Control;

/// <summary>Lays a reply at somebody's door. Pure; the guards against blaming many for the fault of one stand in <see cref="Health.Operator"/>.</summary>
internal static class Attribution
{
    /// <summary>The category first, then its class; at connect, EHLO and STARTTLS no message, sender or recipient is to blame.</summary>
    public static Blame Of(in Observation observation)
    {
        if (observation.Kind is ObservationKind.Delivered)
        {
            return Blame.Nobody;
        }

        var blame = ByCategory(observation.Category.Id, observation.Kind) ?? ByClass(observation);
        var early = observation.Command is SmtpCommand.Connect or SmtpCommand.Ehlo or SmtpCommand.StartTls;
        return early && blame is (Blame.Recipient or Blame.Content or Blame.Campaign or Blame.SenderDomain) ? Blame.Source : blame;
    }

    /// <summary>The words fit many causes, an address that is not wanted among them: told apart only by how the other sources there fare.</summary>
    public static bool IsDoubtful(string category) => category is "policy" or "unknown_perm" or "unknown_temp" or "sender_invalid";

    /// <summary>The text says this address is blocked: believed of every source, however many it is said of at once.</summary>
    public static bool IsExplicitBlock(string category) => category is "ip_block" or "blocklist_ip";

    private static Blame? ByCategory(string category, ObservationKind kind) => category switch
    {
        "greylist" or "session_limit" or "rcpt_limit" => Blame.Nobody,
        "bad_recipient" or "inactive_recipient" or "bad_domain" or "mailbox_full" or "recipient_rate" or "recipient_block" or "loop" => Blame.Recipient,
        "virus_attachment" or "message_format" or "too_large" => Blame.Content,
        "spam_content" => Blame.Campaign,
        "rate_domain" or "reputation_domain" or "blocklist_domain" or "auth_fail" or "sender_invalid" => Blame.SenderDomain,
        "rate_ip" or "conn_limit" or "complaints" or "reputation_ip" or "blocklist_ip" or "ip_block" or "ptr_helo" => Blame.Source,
        "server_busy" or "remote_config" or "network" or "relay_denied" => Blame.Receiver,
        "dns" => kind is ObservationKind.Unreachable ? Blame.Ours : Blame.Receiver,
        "tls_required" or "protocol" or "expired" => Blame.Ours,
        _ => null,
    };

    // What no rule knows: 4xx is the receiver's trouble; 5xx concerns what the command named.
    private static Blame ByClass(in Observation observation) => (observation.CategoryClass, observation.Kind, observation.Command) switch
    {
        (_, ObservationKind.Unreachable, _) => Blame.Receiver,
        (CategoryClass.Hard or CategoryClass.Block, _, SmtpCommand.Rcpt) => Blame.Recipient,
        (CategoryClass.Throttle or CategoryClass.Reputation, _, _) => Blame.Source,
        (CategoryClass.Session, _, _) => Blame.Nobody,
        (CategoryClass.Config, _, _) => Blame.Ours,
        (_, ObservationKind.Deferred, _) => Blame.Receiver,
        (_, _, SmtpCommand.Mail) => Blame.SenderDomain,
        (_, _, SmtpCommand.Rcpt) => Blame.Recipient,
        (_, _, SmtpCommand.Data or SmtpCommand.Dot) => Blame.Content,
        _ => Blame.Source,
    };
}
