using Engine.Configuration.Binding;
using Engine.Configuration.Reading;

namespace Engine.Configuration;

/// <summary>What a reload would change.</summary>
/// <param name="Changes">Every key whose value differs, in the order of the options.</param>
/// <param name="Findings">Core findings, for which the reload is refused: changed keys that need a restart, and changed numbers of accounts.</param>
/// <param name="RemovedPools">Pools that are gone. With mail queued for them that is a finding of the daemon's.</param>
/// <param name="RemovedAccounts">Accounts that are gone; as above.</param>
internal sealed record SnapshotDiff(
    IReadOnlyList<SettingChange> Changes,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> RemovedPools,
    IReadOnlyList<string> RemovedAccounts)
{
    public static SnapshotDiff Between(Snapshot old, Snapshot next)
    {
        var before = OptionsWalk.Leaves(old.Options).ToDictionary(leaf => leaf.Path.ToString());
        var after = OptionsWalk.Leaves(next.Options).ToDictionary(leaf => leaf.Path.ToString());
        var (changes, findings) = (new List<SettingChange>(), new List<Finding>());
        foreach (var path in after.Keys.Union(before.Keys))
        {
            var (was, now) = (before.GetValueOrDefault(path), after.GetValueOrDefault(path));
            if (Equals(was?.Value, now?.Value))
            {
                continue;
            }

            // Lists and maps are compared by what they say.
            var (text, nextText) = (Text(was), Text(now));
            if (text == nextText)
            {
                continue;
            }

            var leaf = now ?? was!;
            var change = leaf.Key.Secret
                ? new SettingChange(path, Masked(was), Masked(now), leaf.Key.NeedsRestart)
                : new SettingChange(path, text, nextText, leaf.Key.NeedsRestart);
            changes.Add(change);
            if (change.NeedsRestart)
            {
                findings.Add(Restart(next, leaf.Path, change));
            }
        }

        findings.AddRange(Renumbered(old, next));
        return new SnapshotDiff(changes, findings, Gone(old.Options.Pools, next.Options.Pools), Gone(old.Accounts, next.Accounts));
    }

    private static Finding Restart(Snapshot next, JsonPath path, SettingChange change) =>
        At(next, path, $"a change of '{path.Name}' needs a restart: it runs with {change.Old ?? "no value"}, found {change.New ?? "none"}");

    // Everybody who said no to the account would get its mail again.
    private static IEnumerable<Finding> Renumbered(Snapshot old, Snapshot next) =>
        from account in next.Accounts
        let was = old.Accounts.GetValueOrDefault(account.Key)?.Number ?? 0
        where was != 0 && account.Value.Number != was
        select At(
            next,
            JsonPath.Root["accounts"][account.Key]["number"],
            $"suppressions and links of '{account.Key}' stand under the number {was}, and would be lost {(account.Value.Number == 0 ? "without it" : $"under {account.Value.Number}")}: put {was} back; "
            + $"where it must change, 'engine suppress export --account {account.Key} --file FILE', restart, 'engine suppress import FILE'");

    private static Finding At(Snapshot next, JsonPath path, string message) =>
        next.Written?.Nearest(path) is var (value, line, _)
            ? new Finding(value.File, line, path.ToString(), message)
            : new Finding(next.File, 0, path.ToString(), message);

    private static string? Text(OptionLeaf? leaf) => leaf is null ? null : OptionsJson.Line(leaf.Key.Shape, leaf.Value);

    private static string? Masked(OptionLeaf? leaf) => leaf is null ? null : $"\"{OptionsJson.Mask}\"";

    private static List<string> Gone<TValue>(IReadOnlyDictionary<string, TValue> before, IReadOnlyDictionary<string, TValue> after) =>
        [.. before.Keys.Where(name => !after.ContainsKey(name)).Order(StringComparer.Ordinal)];
}
