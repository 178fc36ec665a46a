using Engine.Configuration.Binding;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>Keys of overrides.</summary>
internal static class OverrideKey
{
    public const string PauseAll = "pause.all";

    private const string Account = "pause.account.";
    private const string Stream = "pause.stream.";
    private const string Pool = "pause.pool.";
    private const string Campaign = "pause.campaign.";
    private const string Isolation = "pool.account.";

    // As X-Engine-Campaign is taken by submission.
    private const int MaxCampaign = 128;

    /// <summary>Value <c>true</c>, or a class whose mail alone is held.</summary>
    public static string PauseAccount(string account) => Account + account;

    /// <summary>Campaigns have the names their submitters give them, slashes and all; names of accounts have none.</summary>
    public static string PauseCampaign(string account, string campaign) => $"{Campaign}{account}/{campaign}";

    /// <summary>An account whose mail goes by another pool of its class. The value is the pool's name.</summary>
    public static string IsolateAccount(string account) => Isolation + account;

    /// <summary>The unnamed stream has the empty name.</summary>
    public static string PauseStream(string account, string stream) => $"{Stream}{account}/{stream}";

    public static string PausePool(string pool) => Pool + pool;

    /// <summary>Whether the key means something with this value: what is on or off is <c>true</c>, and is removed rather than set to anything else.</summary>
    public static bool Takes(string key, string value) =>
        SourceOverride.Takes(key, value)
        || ProviderOverride.Takes(key, value)
        || (IsPause(key) && (value == "true" || (key.StartsWith(Account, StringComparison.Ordinal) && Spelling.Parse(typeof(StreamClass), value) is not null)))
        || (IsIsolation(key) && IsName(value));

    /// <summary>Whether this is a key that means something; the names in it need not exist.</summary>
    public static bool IsKnown(string key) => SourceOverride.IsKnown(key) || ProviderOverride.IsKnown(key) || IsPause(key) || IsIsolation(key);

    /// <summary>What a pause holds: <c>all</c>, <c>account</c>, <c>stream</c>, <c>campaign</c> or <c>pool</c>; null when the key is none.</summary>
    public static string? PauseKind(string key) => IsPause(key) ? key.Split('.', 3)[1] : null;

    /// <summary>The account that an isolation names; null when the key is none.</summary>
    public static string? IsolatedAccount(string key) => IsIsolation(key) ? key[Isolation.Length..] : null;

    private static bool IsIsolation(string key) => key.StartsWith(Isolation, StringComparison.Ordinal) && IsName(key[Isolation.Length..]);

    private static bool IsPause(string key) =>
        key == PauseAll
        || (key.StartsWith(Campaign, StringComparison.Ordinal) && key[Campaign.Length..].Split('/', 2) is [var owner, var campaign] && IsName(owner) && IsCampaign(campaign))
        || (key.StartsWith(Account, StringComparison.Ordinal) && IsName(key[Account.Length..]))
        || (key.StartsWith(Pool, StringComparison.Ordinal) && IsName(key[Pool.Length..]))
        || (key.StartsWith(Stream, StringComparison.Ordinal) && key[Stream.Length..].Split('/') is [var account, var stream]
            && IsName(account) && (stream.Length == 0 || IsName(stream)));

    private static bool IsCampaign(string text) => text.Length is > 0 and <= MaxCampaign && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsName(string text) => TextForms.Name(KeyForm.Name, text) is not null;
}
