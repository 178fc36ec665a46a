namespace Engine.Configuration;

/// <summary>A customer or system that sends. Key <c>accounts.NAME</c>.</summary>
internal sealed record AccountOptions
{
    /// <summary>Short number for tokens; unique. From 1 to 16 777 215; 0 means none given.</summary>
    public int Number { get; init; }

    public AccountStatus Status { get; init; } = AccountStatus.Active;

    /// <summary>Logins <c>account/name</c>.</summary>
    public IReadOnlyDictionary<string, CredentialOptions> Credentials { get; init; } = new Dictionary<string, CredentialOptions>();

    /// <summary>Domains it may use in MAIL FROM and From; <c>*</c> any, a leading dot means subdomains.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    public IReadOnlyDictionary<string, StreamOptions> Streams { get; init; } = new Dictionary<string, StreamOptions>();

    /// <summary>Stream of mail that names none; default the only one, or an unnamed transactional stream when there are none.</summary>
    public string? DefaultStream { get; init; }

    /// <summary>Whether bounces become mail to the sender. Default <c>events</c>: only where NOTIFY asks.</summary>
    public Notices Notices { get; init; } = Notices.Events;
}
