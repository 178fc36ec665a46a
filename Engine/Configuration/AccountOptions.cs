using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>A customer or system that sends. Key <c>accounts.NAME</c>.</summary>
internal sealed record AccountOptions
{
    /// <summary>Name of the account of unauthenticated clients.</summary>
    public const string LocalName = "local";

    /// <summary>The account <c>local</c> where none is written: any sender domain, one unnamed transactional stream, notices by DSN.</summary>
    public static AccountOptions BuiltInLocal { get; } = new() { Domains = ["*"], Notices = Notices.Dsn };

    private static StreamOptions Unnamed { get; } = new() { Class = StreamClass.Transactional };

    /// <summary>
    /// Short number, unique, the same on every host of a fleet: part of every suppression entry and token of the account. From 0 (none given, the default: a digest of
    /// the name stands for it) to 16 777 215. Giving one later is safe: what stands under the name's digest still holds. Another number, or another name
    /// of the account or a stream, leaves its suppressions and links behind; so a reload refuses to change a number that is given.
    /// </summary>
    [Between(0, 16_777_215)]
    public int Number { get; init; }

    public AccountStatus Status { get; init; } = AccountStatus.Active;

    /// <summary>Logins <c>account/name</c>.</summary>
    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, CredentialOptions> Credentials { get; init; } = new Dictionary<string, CredentialOptions>();

    /// <summary>Domains it may use in MAIL FROM and From; <c>*</c> any, a leading dot means subdomains.</summary>
    [Form(TextForm.DomainPattern)]
    public IReadOnlyList<string> Domains { get; init; } = [];

    [Keys(KeyForm.Name)]
    public IReadOnlyDictionary<string, StreamOptions> Streams { get; init; } = new Dictionary<string, StreamOptions>();

    /// <summary>Stream of mail that names none; default the only one, or an unnamed transactional stream when there are none.</summary>
    public string? DefaultStream { get; init; }

    /// <summary>Whether bounces become mail to the sender. Default <c>events</c>: only where NOTIFY asks.</summary>
    public Notices Notices { get; init; } = Notices.Events;

    /// <summary>Messages taken from it by submission; more is answered 450. Null is no limit.</summary>
    public Rate? InjectRate { get; init; }

    /// <summary>Recipients sent for it, at all destinations together; more waits. Null is no limit.</summary>
    public Rate? SendRate { get; init; }

    /// <summary>When recipients of one submission get headers of their own. Default <c>auto</c>. Each costs a signature (RSA-2048: 0.25 ms of a core a key) and its octets in the queue.</summary>
    public PerRecipient PerRecipient { get; init; } = PerRecipient.Auto;

    /// <summary>Each message gets a Message-ID of its own, and the submitter's moves to <c>X-Original-Message-ID</c>; events keep naming the submitter's. Default false: for campaigns that use one Message-ID again and again, of which receivers keep one.</summary>
    public bool UniqueMessageId { get; init; }

    public QuotaOptions? Quota { get; init; }

    /// <summary>Where its days begin, for the quota: an IANA name. Default the engine's <c>timeZone</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The stream that mail of this account runs in.</summary>
    /// <param name="requested">Name that the message gives; null for the default.</param>
    /// <param name="name">Name of the stream; empty for the unnamed one.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>False when there is no stream of that name, or several and no default.</returns>
    public bool TryGetStream(string? requested, out string name, out StreamOptions stream)
    {
        name = requested ?? DefaultStream ?? (Streams.Count == 1 ? Streams.Keys.First() : string.Empty);
        stream = Streams.GetValueOrDefault(name, Unnamed);
        return Streams.ContainsKey(name) || (Streams.Count == 0 && name.Length == 0);
    }
}
