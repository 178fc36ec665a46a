using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>A mailbox of ours at a provider, to which probes are sent and in which they are looked for. Key <c>seeds.NAME</c>.</summary>
internal sealed record SeedOptions
{
    /// <summary>Where probes go.</summary>
    [Required]
    [Form(TextForm.Mailbox)]
    public string Address { get; init; } = string.Empty;

    /// <summary>Its IMAP server, a name or an address; the port is 993, or 143 with STARTTLS, where none is written. The certificate must be for this host.</summary>
    [Required]
    [Form(TextForm.Host)]
    public string Imap { get; init; } = string.Empty;

    /// <summary>How TLS begins. Default <c>implicit</c>.</summary>
    public SeedTls Tls { get; init; } = SeedTls.Implicit;

    /// <summary>User name at the IMAP server.</summary>
    [Required]
    public string User { get; init; } = string.Empty;

    /// <summary>File whose one line is the password. Read anew at each login.</summary>
    [Required]
    [SecretFile]
    [Form(TextForm.Path)]
    public string PasswordFile { get; init; } = string.Empty;

    /// <summary>Whose mailbox it is, for tables and metrics; seeds of one name are counted together. Default the domain of the address.</summary>
    [NotEmpty]
    public string? Provider { get; init; }

    /// <summary>A probe leaves by each of the pools so often, give or take a tenth. From 5m to 7d; default 30m.</summary>
    [Between("5m", "7d")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Pools that are measured; default every pool, or the one there is without <c>pools</c>.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>From header and reverse path of probes: an address whose domain is signed, as of the mail that is to be judged. Default that of <c>system.from</c>.</summary>
    [Form(TextForm.Mailbox)]
    public string? From { get; init; }

    /// <summary>Folders that hold spam, as the server names them. Default those the server marks so (RFC 6154), else the usual names.</summary>
    public IReadOnlyList<string> SpamFolders { get; init; } = [];

    /// <summary>A probe not found so long after it was sent is missing. From 1m to 24h; default 30m.</summary>
    [Between("1m", "24h")]
    public TimeSpan MissingAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Probes older than that are removed from the mailbox, and nothing else. From 1d to 365d; default 7d.</summary>
    [Between("1d", "365d")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);
}
