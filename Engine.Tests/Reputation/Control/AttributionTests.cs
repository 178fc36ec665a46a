using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;

namespace Engine.Tests.Reputation.Control;

internal sealed class AttributionTests
{
    [TestCase("greylist", "soft", "rcpt", "deferred", "nobody")]
    [TestCase("session_limit", "session", "mail", "deferred", "nobody")]
    [TestCase("rcpt_limit", "session", "rcpt", "deferred", "nobody")]
    [TestCase("bad_recipient", "hard", "rcpt", "failed", "recipient")]
    [TestCase("inactive_recipient", "hard", "rcpt", "failed", "recipient")]
    [TestCase("bad_domain", "hard", "none", "failed", "recipient")]
    [TestCase("mailbox_full", "soft", "rcpt", "deferred", "recipient")]
    [TestCase("recipient_rate", "soft", "rcpt", "deferred", "recipient")]
    [TestCase("recipient_block", "block", "rcpt", "failed", "recipient")]
    [TestCase("virus_attachment", "content", "dot", "failed", "content")]
    [TestCase("message_format", "content", "dot", "failed", "content")]
    [TestCase("too_large", "content", "mail", "failed", "content")]
    [TestCase("spam_content", "content", "dot", "failed", "campaign")]
    [TestCase("rate_domain", "throttle", "dot", "deferred", "senderDomain")]
    [TestCase("reputation_domain", "reputation", "dot", "deferred", "senderDomain")]
    [TestCase("blocklist_domain", "reputation", "dot", "failed", "senderDomain")]
    [TestCase("auth_fail", "config", "dot", "failed", "senderDomain")]
    [TestCase("sender_invalid", "config", "mail", "failed", "senderDomain")]
    [TestCase("rate_ip", "throttle", "mail", "deferred", "source")]
    [TestCase("conn_limit", "throttle", "connect", "deferred", "source")]
    [TestCase("complaints", "reputation", "mail", "deferred", "source")]
    [TestCase("reputation_ip", "reputation", "dot", "deferred", "source")]
    [TestCase("blocklist_ip", "reputation", "connect", "failed", "source")]
    [TestCase("ip_block", "reputation", "connect", "failed", "source")]
    [TestCase("ptr_helo", "config", "ehlo", "deferred", "source")]
    [TestCase("server_busy", "soft", "mail", "deferred", "receiver")]
    [TestCase("remote_config", "soft", "rcpt", "deferred", "receiver")]
    [TestCase("relay_denied", "config", "rcpt", "failed", "receiver")]
    [TestCase("network", "soft", "connect", "unreachable", "receiver")]
    [TestCase("dns", "soft", "rcpt", "deferred", "receiver")]
    [TestCase("dns", "soft", "none", "unreachable", "ours")]
    [TestCase("tls_required", "config", "mail", "deferred", "ours")]
    [TestCase("protocol", "config", "mail", "failed", "ours")]

    // What no rule knows.
    [TestCase("unknown_temp", "soft", "rcpt", "deferred", "receiver")]
    [TestCase("unknown_perm", "soft", "rcpt", "failed", "recipient")]
    [TestCase("unknown_perm", "soft", "dot", "failed", "content")]
    [TestCase("unknown_perm", "soft", "mail", "failed", "senderDomain")]
    [TestCase("unknown_perm", "soft", "connect", "failed", "source")]
    [TestCase("policy", "block", "rcpt", "failed", "recipient")]
    [TestCase("policy", "block", "dot", "failed", "content")]
    [TestCase("policy", "block", "connect", "failed", "source")]
    [TestCase("new_one", "throttle", "rcpt", "deferred", "source")]
    [TestCase("new_one", "config", "rcpt", "failed", "ours")]
    [TestCase("new_one", "session", "rcpt", "deferred", "nobody")]
    [TestCase("new_one", "soft", "none", "unreachable", "receiver")]

    // Before MAIL no message, sender or recipient is to blame.
    [TestCase("spam_content", "content", "connect", "failed", "source")]
    [TestCase("auth_fail", "config", "ehlo", "failed", "source")]
    [TestCase("server_busy", "soft", "connect", "deferred", "receiver")]
    [TestCase("greylist", "soft", "connect", "deferred", "nobody")]

    // A delivery blames nobody, whatever stands beside it.
    [TestCase("rate_ip", "throttle", "dot", "delivered", "nobody")]
    public void A_reply_is_laid_at_a_door(string category, string categoryClass, string command, string kind, string expected)
    {
        var observation = new Observation
        {
            At = default,
            Source = "a",
            Operator = "o",
            SenderDomain = "d.example",
            Account = "acme",
            Campaign = "c",
            Class = StreamClass.Marketing,
            Kind = Enum.Parse<ObservationKind>(kind, ignoreCase: true),
            Category = new Category(category),
            CategoryClass = Enum.Parse<CategoryClass>(categoryClass, ignoreCase: true),
            Command = Enum.Parse<SmtpCommand>(command, ignoreCase: true),
        };

        Assert.That(Attribution.Of(observation), Is.EqualTo(Enum.Parse<Blame>(expected, ignoreCase: true)));
    }

    [TestCase("ip_block", true)]
    [TestCase("blocklist_ip", true)]
    [TestCase("reputation_ip", false)]
    [TestCase("rate_ip", false)]
    public void Only_a_block_in_words_is_believed_of_all_at_once(string category, bool expected) =>
        Assert.That(Attribution.IsExplicitBlock(category), Is.EqualTo(expected));
}
