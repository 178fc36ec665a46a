using Engine.Configuration.Binding;
using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Keys of overrides.</summary>
internal static class OverrideKey
{
    public const string PauseAll = "pause.all";

    private const string Account = "pause.account.";
    private const string Stream = "pause.stream.";
    private const string Pool = "pause.pool.";

    public static string PauseAccount(string account) => Account + account;

    /// <summary>The unnamed stream has the empty name.</summary>
    public static string PauseStream(string account, string stream) => $"{Stream}{account}/{stream}";

    public static string PausePool(string pool) => Pool + pool;

    /// <summary>Whether the key means something with this value: what is on or off is <c>true</c>, and is removed rather than set to anything else.</summary>
    public static bool Takes(string key, string value) => SourceOverride.Takes(key, value) || ProviderOverride.Takes(key, value) || (IsPause(key) && value == "true");

    /// <summary>Whether this is a key that means something; the names in it need not exist.</summary>
    public static bool IsKnown(string key) => SourceOverride.IsKnown(key) || ProviderOverride.IsKnown(key) || IsPause(key);

    private static bool IsPause(string key) =>
        key == PauseAll
        || (key.StartsWith(Account, StringComparison.Ordinal) && IsName(key[Account.Length..]))
        || (key.StartsWith(Pool, StringComparison.Ordinal) && IsName(key[Pool.Length..]))
        || (key.StartsWith(Stream, StringComparison.Ordinal) && key[Stream.Length..].Split('/') is [var account, var stream]
            && IsName(account) && (stream.Length == 0 || IsName(stream)));

    private static bool IsName(string text) => TextForms.Name(KeyForm.Name, text) is not null;
}
