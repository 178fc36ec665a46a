using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Delivery;
using Engine.Mail;
using Engine.Preflight.Gate;

namespace Engine.Daemon;

/// <summary>Works out what is paused: operators' overrides, and accounts whose status or findings keep their mail.</summary>
internal static class PauseTable
{
    private const string StreamPrefix = "pause.stream.";
    private const string CampaignPrefix = "pause.campaign.";

    private static readonly string AccountPrefix = OverrideKey.PauseAccount(string.Empty);

    public static Pauses Of(Snapshot snapshot, IReadOnlyList<Override> overrides)
    {
        var stopped = snapshot.Accounts.Where(account => account.Value.Status is not AccountStatus.Active).Select(account => account.Key);
        var accounts = overrides.Where(pause => pause.Key.StartsWith(AccountPrefix, StringComparison.Ordinal)).ToLookup(pause => pause.Value, pause => pause.Key[AccountPrefix.Length..]);
        return new Pauses(
            overrides.Any(pause => pause.Key == OverrideKey.PauseAll),
            stopped.Concat(snapshot.BrokenAccounts).Concat(accounts["true"]).ToFrozenSet(),
            Names(overrides, StreamPrefix).ToFrozenSet(),
            Names(overrides, OverrideKey.PausePool(string.Empty)).ToFrozenSet())
        {
            Classes = Enum.GetValues<StreamClass>().SelectMany(one => accounts[Spelling.Of(one)].Select(account => (account, one))).ToFrozenSet(),
            Campaigns = Names(overrides, CampaignPrefix).Select(name => name.Split('/', 2)).Select(parts => (parts[0], parts[1])).ToFrozenSet(),
        };
    }

    /// <summary>The same, and what DNS contradicts.</summary>
    public static Pauses Of(Snapshot snapshot, IReadOnlyList<Override> overrides, IReadOnlyCollection<DomainName> contradicted) =>
        Of(snapshot, overrides) with { Domains = contradicted.ToFrozenSet(), Verified = snapshot.Options.Accounts.Keys.ToFrozenSet() };

    /// <summary>Everything that keeps mail of a flow from leaving by a pool, for <c>why</c>; empty when nothing does. The same as <see cref="Of(Snapshot, IReadOnlyList{Override}, IReadOnlyCollection{DomainName})"/> holds.</summary>
    public static IReadOnlyList<PauseReason> Reasons(Snapshot snapshot, IReadOnlyList<Override> overrides, Flow flow, string pool, DomainStanding? standing = null)
    {
        string[] keys = [OverrideKey.PauseAll, OverrideKey.PauseAccount(flow.Account), OverrideKey.PauseStream(flow.Account, flow.Stream), OverrideKey.PauseCampaign(flow.Account, flow.Campaign), OverrideKey.PausePool(pool)];
        var reasons = overrides.Where(one => keys.Contains(one.Key) && (one.Value == "true" || one.Value == Spelling.Of(flow.Class))).Select(one => new PauseReason(one.Key, one.Who, one.Since, one.Until, one.Reason)).ToList();
        if (snapshot.AccountOf(flow.Account) is { Status: not AccountStatus.Active and var status })
        {
            reasons.Add(new PauseReason($"accounts.{flow.Account}.status", "configuration", null, null, $"the account is {Spelling.Of(status)}"));
        }

        if (snapshot.BrokenAccounts.Contains(flow.Account))
        {
            reasons.Add(new PauseReason($"accounts.{flow.Account}", "configuration", null, null, "the account has findings: 'engine config check'"));
        }

        if (standing is { IsPaused: true } && snapshot.Options.Accounts.ContainsKey(flow.Account))
        {
            reasons.Add(new PauseReason($"domains.{standing.Domain}.verify", "preflight", standing.Since, null, $"DNS contradicts: {standing.Reason}; 'engine domain check {standing.Domain}'"));
        }

        return reasons;
    }

    private static IEnumerable<string> Names(IReadOnlyList<Override> overrides, string prefix) =>
        overrides.Where(pause => pause.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pause => pause.Key[prefix.Length..]);
}
