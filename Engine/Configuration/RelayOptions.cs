using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>
/// A smart host that takes mail which does not get through by itself. Key <c>relays.NAME</c>. It is asked where a condition of <c>when</c> holds,
/// or a pool's <c>onEmpty</c> names it. Its trouble is trouble of ours: the mail goes on as without it.
/// </summary>
internal sealed record RelayOptions
{
    /// <summary>A name or an address, without port. An address written here may be non-global; a name obeys <c>delivery.allowAddresses</c>. Never this host.</summary>
    [Required]
    [Form(TextForm.Host)]
    public string Host { get; init; } = string.Empty;

    /// <summary>From 1 to 65535; default 587, submission (RFC 6409).</summary>
    [Between(1, 65_535)]
    public int Port { get; init; } = 587;

    /// <summary>Default <c>required</c>: it gets our password. <c>verified</c> holds its certificate against <c>host</c>, which a relay over the open internet should have. <c>off</c> with a login is for an address of this host only.</summary>
    public TlsPolicy Tls { get; init; } = TlsPolicy.Required;

    /// <summary>Login at the relay; none leaves AUTH out.</summary>
    public string? User { get; init; }

    /// <summary>File whose one line is the password.</summary>
    [SecretFile]
    [Form(TextForm.Path)]
    public string? PasswordFile { get; init; }

    /// <summary>It is asked when one of these holds; empty (the default) leaves it to <c>onEmpty</c> of pools.</summary>
    public IReadOnlyList<RelayConditionOptions> When { get; init; } = [];

    /// <summary>Classes it takes. Default transactional: a relay is dear, and what a receiver blocks for a campaign it should not get by another door.</summary>
    public IReadOnlyList<StreamClass> Class { get; init; } = [StreamClass.Transactional];

    /// <summary>Categories of a last failure with which it is never asked, whatever <c>when</c> says; default those in which another way changes nothing.</summary>
    public IReadOnlyList<string> Never { get; init; } = ["spam_content", "virus_attachment", "blocklist_domain", "bad_recipient", "inactive_recipient", "bad_domain"];

    /// <summary>Recipients handed over; default no limit but <c>quota</c>.</summary>
    public Rate? Rate { get; init; }

    /// <summary>Recipients in one hour or day of UTC, such as <c>50000/d</c>; a burst is not looked at. Default none. When it is used up mail goes on as without the relay.</summary>
    public Rate? Quota { get; init; }

    /// <summary>After that, from acceptance, it is not asked any more, and what only it may bring has expired. From 1m to 14d; default 24h.</summary>
    [Between("1m", "14d")]
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Connections open at once, over all sources. From 1 to 1000; default 10.</summary>
    [Between(1, 1_000)]
    public int Connections { get; init; } = 10;
}
