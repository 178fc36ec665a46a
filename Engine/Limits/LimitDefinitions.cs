using Engine.Configuration;

namespace Engine.Limits;

/// <summary>The definitions of all limits that the configuration asks for: written ones, shipped ones, and the rates of accounts.</summary>
internal static class LimitDefinitions
{
    /// <param name="options">Its <c>limits</c> and <c>accounts.*.sendRate</c>.</param>
    /// <param name="shipped">Of the provider data; one of the same name in engine.json replaces it.</param>
    public static IReadOnlyDictionary<string, LimitOptions> Of(EngineOptions options, IReadOnlyDictionary<string, LimitOptions>? shipped = null)
    {
        var all = new Dictionary<string, LimitOptions>(shipped ?? new Dictionary<string, LimitOptions>());
        foreach (var (name, limit) in options.Limits)
        {
            all[name] = limit;
        }

        foreach (var (account, of) in options.Accounts)
        {
            if (of.SendRate is { } rate)
            {
                // No limit in a file can have this name.
                all[$"$.accounts.{account}.sendRate"] = new LimitOptions { Match = new Dictionary<LimitDimension, string> { [LimitDimension.Account] = account }, Rate = rate };
            }
        }

        return all;
    }

    /// <summary>The zone of a checked configuration.</summary>
    public static TimeZoneInfo ZoneOf(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
