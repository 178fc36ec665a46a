using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>
/// Words of mail systems, by the systems that write them. Replies of servers are no business of this table: the classifier judges those. Early rules win over the classifier,
/// late ones speak where it finds nothing.
/// </summary>
internal static class Wordings
{
    private static readonly Category BadRecipient = new("bad_recipient");
    private static readonly Category BadDomain = new("bad_domain");
    private static readonly Category Inactive = new("inactive_recipient");
    private static readonly Category Full = new("mailbox_full");
    private static readonly Category Expired = new("expired");
    private static readonly Category Network = new("network");
    private static readonly Category Dns = new("dns");
    private static readonly Category Loop = new("loop");
    private static readonly Category Blocked = new("recipient_block");
    private static readonly Category Remote = new("remote_config");
    private static readonly Category TooLarge = new("too_large");
    private static readonly Category Policy = new("policy");
    private static readonly Category Spam = new("spam_content");
    private static readonly Category Ptr = new("ptr_helo");
    private static readonly Category Format = new("message_format");
    private static readonly Category Relay = new("relay_denied");
    private static readonly Category Tls = new("tls_required");

    /// <summary>Win over the classifier.</summary>
    public static readonly WordingTable Early = new(
        // facebook.com's codes: P2 and P3 are the recipient's wish, P1 nobody. https://postmaster.facebook.com/response_codes
        new("facebook.wish", Blocked, false, "recipient preferences", "RCP-P2", "RCP-P3") { Wins = true },
        new("facebook.nobody", BadRecipient, true, "RCP-P1 ", "INT-P1 ", "INT-P4 "),

        new("google.spam", Spam, false, "due to spam classification"),

        // Google Groups writes in the sender's language, with this link in all of them; it says that there may be no such group, or no permission.
        new("google.groups", Blocked, false, "groups.google.com/support", "posting to this group"),
        new("google.notfound", BadRecipient, true, "because the address couldn't be found", "Address not found **", "wurde nicht gefunden **", "Dirección no encontrada", "Adresse introuvable"),
        new("google.unreachable", Network, false, "did not accept our requests to connect", "recipient server did not accept"),

        // Exim: routers/dnslookup.c, transports/smtp.c, src/deliver.c.
        new("exim.nullmx", BadDomain, true, "MX or SRV record indicated no SMTP service", "no host found for existing SMTP connection"),
        new("exim.unrouteable", BadDomain, true, "Unrouteable address", "Unroutable address", "all relevant MX records point to non-existent hosts", "all host address lookups failed permanently", "unrouteable mail domain"),
        new("exim.full", Full, false, "mailbox is full", "quota exceeded: mailbox", "error: quota exceed"),
        new("exim.expired", Expired, false, "retry timeout exceeded", "retry time not reached for any host", "have been failing for a long time", "has been frozen", "was frozen on arrival"),
        new("exim.local", Remote, false, "pipe to |", "pipe delivery failed", "Child process of ", "delivery to pipe forbidden", "delivery to file forbidden", "local delivery failed", "LMTP error after", "Failed to read response template"),

        // qmail-remote.c, qmail-send.c, vpopmail, netqmail patches.
        new("qmail.nohost", BadDomain, true, "couldn't find any host named", "couldn't find any host by that name", "couldn't find a mail exchanger or IP address"),
        new("qmail.nobody", BadRecipient, true, "no mailbox here by that name", "This address no longer accepts mail", "no mailbox by that name", "this account doesn't exist", "Sorry, no mailbox here"),
        new("qmail.network", Network, false, "CNAME lookup failed temporarily", "wasn't able to establish an SMTP connection", "Connected to remote host, but", "Possible duplicate"),

        // Domino and Notes, each language of the server.
        new("domino.nobody", BadRecipient, true, "not listed in Domino Directory", "not listed in public Name & Address Book", "User not listed in", "répertorié dans l'annuaire Domino", "en el Directorio de Domino", "nicht im Domino-Verzeichnis", "non in elenco", "ディレクトリには見つかりません", "ディレクトリにありません"),
        new("domino.route", Blocked, false, "Cannot route mail to user"),
        new("domino.matches", Remote, false, "Several matches found in Domino Directory"),
        new("notes.hops", Loop, false, "maximum hop count", "hop count exceeded", "routing loop"),

        // Exchange 5.5 and 2003: the MAPI code behind the words. 000C05A6: nobody, 000C0595: ambiguous.
        new("exchange.nobody", BadRecipient, true, "000C05A6"),
        new("exchange.resolver", BadRecipient, true, "RESOLVER.ADR.RecipNotFound", "RESOLVER.ADR.ExRecipNotFound", "RESOLVER.ADR.RecipientNotFound", "RESOLVER.ADR.InvalidInSmtp"),
        new("exchange.nodomain", BadDomain, true, "SMTPSEND.DNS.NonExistentDomain"),
        new("exchange.loop", Loop, false, "SMTPSEND.DNS.MxLoopback", "RESOLVER.FWD.Loop", "ROUTING.LoopDetected"),
        new("exchange.expired", Expired, false, "QUEUE.Expired", "Message expired"),
        new("exchange.closed", Blocked, false, "RESOLVER.RST.AuthRequired", "RESOLVER.RST.NotAuthorized", "RESOLVER.RST.RestrictedToRecipientsPermission") { Wins = true },
        new("exchange.size", TooLarge, false, "RecipSizeLimit", "SendSizeLimit", "SizeLimitExceeded") { Wins = true },
        new("exchange.full", Full, false, "STOREDRV.Deliver: mailbox full", "ShutoffQuotaExceeded", "STOREDRV.Deliver.Exception:QuotaExceeded"),
        new("hotmail.domain", BadDomain, true, "because the domain is not reachable"),

        // Yahoo, which is said of nobody only behind its "delivery error".
        new("yahoo.nobody", BadRecipient, true, "delivery error: dd "),
        new("verizon.nobody", BadRecipient, true, "No valid recipients for this MM"),

        // Postfix: what the resolver said, smtp_addr.c; "try again" is of now.
        new("postfix.dns", Dns, false, "Malformed or unexpected name server reply", "Host not found, try again", "Host found but no data record"),
        new("postfix.nohost", BadDomain, true, "type=MX: Host not found", "type=A: Host not found", "type=AAAA: Host not found", "type=SRV: Host not found"),

        // The name we said is not liked; said before any recipient.
        new("helo", Ptr, false, "my name was rejected"),
        new("gmx.ptr", Ptr, false, "Bad DNS PTR resource record") { Wins = true },
        new("ses.header", Format, false, "Duplicate header '") { Wins = true },
        new("login", Relay, false, "Unauthenticated senders not allowed") { Wins = true },
        new("sendmail.os", Remote, false, "Operating system error"),

        // DragonFly, OpenSMTPD, Courier, Mail Avenger, sendmail 5.
        new("host.unknown", BadDomain, true, "DNS lookup failure: host", "No MX found for domain", "Domain does not exist", "No such domain", "Unknown host:", "... unknown host", "Illegal host/domain name", "Bad destination host", "As the remote domain doesnt exist", "unknown mail destination", "Host unknown"),
        new("nullmx", BadDomain, true, "Null MX", "does not accept mail (nullMX)", "domain does not accept mail", "system not accepting network messages"),
        new("expired", Expired, false, "Envelope expired", "in the queue too long", "queue too long", "Could not deliver for the last", "could not be delivered for too long", "not delivered within", "has been in the queue for too long", "Delivery attempts exhausted", "Delivery failed 20 attempts", "Message timed out"),
        new("network", Network, false, "Network error on destination", "Host not reachable", "unable to connect to remote server", "host name lookup failure"),

        // IMail, KDDI, Biglobe, GMX, X4, au: a full box in words.
        new("full", Full, false, "exceeds allowed size", "exceeded the local limit", "their mailbox is full", "mailfolder is full", "out of storage space", "Storage quota exceeded", "user's mailbox is full", "maildir over quota", "メールボックスが一杯", "容量を超え", "Postfach ist voll", "Postfach des Empfängers"),
        new("imail.nobody", BadRecipient, true, "Unknown user:", "Invalid final delivery userid"),

        // Lists: FML, Mailman, Majordomo, Sympa.
        new("list.members", Blocked, false, "not a member of this mailing list", "are not member", "not allowed to post", "members only", "only subscribers", "sending to/from an address that has been blacklisted"),
        new("list.loop", Remote, false, "Duplicated Message-ID", "Loop Alert"),
        new("ezweb.off", Inactive, false, "account is disabled", "account is temporarily limited", "account is locked"));

    /// <summary>Speak where nothing else does.</summary>
    public static readonly WordingTable Late = new(
        new("late.nobody", BadRecipient, false, "Recipient Not Found", "no such user", "unknown recipient", "invalid user", "user unknown", "This user doesn't have a", "recipient name is not recognized", "wasn't found at the destination"),
        new("late.tls", Tls, false, "does not support TLS", "TLS required", "TLS negotiation"),
        new("late.network", Network, false, "not responding", "timed out", "not reachable", "socket error", "connection", "unable to connect"),
        new("late.dns", Dns, false, "name server", "host name lookup", "DNS "),
        new("late.system", Remote, false, "system error", "Resources temporarily unavailable", "temporary failure", "insufficient permission", "internal error", "Operating system error"),
        new("late.moved", Inactive, false, "has moved"),
        new("late.refused", Policy, false, "rejected by a remote", "rejected by the recipient", "was rejected", "refused"));
}
