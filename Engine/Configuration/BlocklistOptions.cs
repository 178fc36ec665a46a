using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Block lists asked about our own addresses and sending domains. Key <c>blocklists</c>. Many of them do not answer public resolvers: see <c>dns</c>.</summary>
internal sealed record BlocklistOptions
{
    /// <summary>A table of zones of your own, in the form of the shipped one; a zone that stands in both is taken from here. Default none.</summary>
    [Form(TextForm.Path)]
    public string? File { get; init; }

    /// <summary>Files with the keys of zones that need one, by name of the key: <c>spamhaus-dqs</c>, <c>abusix</c>. A zone with a key is asked instead of its public one.</summary>
    [Keys(KeyForm.Name)]
    [SecretFile]
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>How often major zones are asked about a source active in the last hour. From 15s to 1h; default 45s, so that mail moves within a minute.</summary>
    [Between("15s", "1h")]
    public TimeSpan Major { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often all other zones are asked, and all zones about sending domains. From 1m to 24h; default 30m, which small operators bear.</summary>
    [Between("1m", "24h")]
    public TimeSpan Minor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What a listing of a source in a major zone does: <c>quarantine</c>, <c>alert</c>, or <c>off</c> to ask no list at all. Default quarantine.</summary>
    public ListingAction OnListing { get; init; } = ListingAction.Quarantine;

    /// <summary>
    /// Share of a pool's sources that stay in service however many are listed. From 0 to 1; default 0.5: a list that errs must not stop the mail.
    /// </summary>
    [Between(0, 1)]
    public double KeepAtLeast { get; init; } = 0.5;

    /// <summary>
    /// How a source comes back when it is off the list: the share of its usual mail, step by step, then all of it. Default 0.1 for 1h, 0.25 for 1h,
    /// 0.5 for 2h: receivers look again at an address that returns at once.
    /// </summary>
    public IReadOnlyList<ReturnStepOptions> Return { get; init; } =
        [new() { Share = 0.1, For = TimeSpan.FromHours(1) }, new() { Share = 0.25, For = TimeSpan.FromHours(1) }, new() { Share = 0.5, For = TimeSpan.FromHours(2) }];

    /// <summary>Zones switched <c>on</c> or <c>off</c> against their default, named without their key.</summary>
    [Keys(KeyForm.Domain)]
    public IReadOnlyDictionary<string, ZoneChoice> Zones { get; init; } = new Dictionary<string, ZoneChoice>();
}
