namespace Engine.Configuration.Providers;

/// <summary>The categories a reply can have: ids of the provider data. The one place that configuration is held against.</summary>
/// <remarks>Fixed here because checks of engine.json run before provider data is loaded. Whoever loads provider data holds it against this list.</remarks>
internal static class CategoryIds
{
    public static readonly IReadOnlyList<string> All =
    [
        "bad_recipient", "inactive_recipient", "bad_domain", "mailbox_full", "recipient_rate", "recipient_block",
        "greylist", "rate_ip", "rate_domain", "conn_limit", "session_limit", "rcpt_limit", "complaints",
        "reputation_ip", "reputation_domain", "blocklist_ip", "blocklist_domain", "ip_block",
        "auth_fail", "ptr_helo", "tls_required", "sender_invalid", "spam_content", "virus_attachment", "message_format", "too_large",
        "policy", "relay_denied", "protocol", "server_busy", "remote_config", "network", "dns", "loop", "expired", "unknown_temp", "unknown_perm",
    ];
}
