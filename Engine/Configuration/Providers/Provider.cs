using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>A named group of hosts that one operator runs, and what is known of it. Immutable.</summary>
/// <param name="Id">In limits, events and verbs: <c>google</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="MxSuffixes">Suffixes of its hosts' names, in lower case; with a leading dot only hosts below match.</param>
/// <param name="MxPatterns">Regexes over its hosts' names.</param>
/// <param name="Domains">Recipient domains that are its own.</param>
/// <param name="RollupByHost">Whether limits are kept for each group of hosts, not for the vendor.</param>
/// <param name="Limits">What it takes from one source.</param>
/// <param name="Retry">Its own schedules; they win over engine.json's.</param>
/// <param name="Rules">What its replies mean, in order.</param>
internal sealed record Provider(
    string Id,
    string Name,
    IReadOnlyList<string> MxSuffixes,
    IReadOnlyList<string> MxPatterns,
    IReadOnlyList<DomainName> Domains,
    bool RollupByHost,
    ProviderLimits Limits,
    IReadOnlyDictionary<RetryKind, RetrySchedule> Retry,
    IReadOnlyList<ProviderRule> Rules)
{
    /// <summary>Marks an <c>mx</c> entry that is a regex.</summary>
    public const string PatternMark = "regex:";

    public static Provider Of(string id, ProviderOptions written, IReadOnlyDictionary<string, CategoryOptions> categories) => new(
        id,
        written.Name,
        [.. written.Mx.Where(mx => !IsPattern(mx)).Select(mx => mx.ToLowerInvariant())],
        [.. written.Mx.Where(IsPattern).Select(mx => mx[PatternMark.Length..])],
        [.. written.Domains.Select(DomainName.Parse)],
        written.Rollup is RollUp.Host,
        written.Limits,
        written.Retry,
        [.. written.Rules.Select(rule => ProviderRule.Of(rule, id, categories[rule.Category]))]);

    /// <summary>The limit that ships with it: per source; null where nothing is known.</summary>
    public LimitOptions? ShippedLimit => Limits is { Connections: null, MessagesPerConnection: null, Rate: null }
        ? null
        : new LimitOptions
        {
            Match = new Dictionary<LimitDimension, string> { [LimitDimension.Provider] = Id },
            Per = RollupByHost ? [LimitDimension.Source, LimitDimension.Destination] : [LimitDimension.Source],
            Connections = Limits.Connections,
            MessagesPerConnection = Limits.MessagesPerConnection,
            Rate = Limits.Rate,
        };

    private static bool IsPattern(string mx) => mx.StartsWith(PatternMark, StringComparison.Ordinal);
}
