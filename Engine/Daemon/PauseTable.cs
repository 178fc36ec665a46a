using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Delivery;

namespace Engine.Daemon;

/// <summary>Works out what is paused: operators' overrides, and accounts whose status or findings keep their mail.</summary>
internal static class PauseTable
{
    public static Pauses Of(Snapshot snapshot, IReadOnlyList<Override> overrides)
    {
        var stopped = snapshot.Accounts.Where(account => account.Value.Status is not AccountStatus.Active).Select(account => account.Key);
        return new Pauses(
            overrides.Any(pause => pause.Key == OverrideKey.PauseAll),
            stopped.Concat(snapshot.BrokenAccounts).Concat(Names(overrides, OverrideKey.PauseAccount(string.Empty))).ToFrozenSet(),
            Names(overrides, "pause.stream.").ToFrozenSet(),
            Names(overrides, OverrideKey.PausePool(string.Empty)).ToFrozenSet());
    }

    private static IEnumerable<string> Names(IReadOnlyList<Override> overrides, string prefix) =>
        overrides.Where(pause => pause.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pause => pause.Key[prefix.Length..]);
}
