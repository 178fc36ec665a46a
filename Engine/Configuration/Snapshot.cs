using System.Collections.Frozen;
using Engine.Configuration.Reading;

namespace Engine.Configuration;

/// <summary>One configuration as it runs: the options, and which objects are isolated because of their own faults. Immutable; swapped whole.</summary>
internal sealed class Snapshot(EngineOptions options, string directory, IReadOnlySet<string> brokenAccounts, IReadOnlySet<string> brokenDomains)
{
    /// <summary>An engine with the defaults and nothing broken; for tests and the demo.</summary>
    public Snapshot(EngineOptions options, string directory = ".")
        : this(options, directory, new HashSet<string>(), new HashSet<string>())
    {
    }

    public EngineOptions Options { get; } = options;

    /// <summary>Directory of engine.json, where relative paths start.</summary>
    public string Directory { get; } = directory;

    /// <summary>Accounts with findings: submission 451 4.7.0, queued mail held.</summary>
    public IReadOnlySet<string> BrokenAccounts { get; } = brokenAccounts;

    /// <summary>Sender domains (in their one form) with findings, such as a key that does not load: submission 451 4.7.0.</summary>
    public IReadOnlySet<string> BrokenDomains { get; } = brokenDomains;

    /// <summary>Every account: those written, and the built-in <c>local</c> unless one is written. Look accounts up here.</summary>
    public IReadOnlyDictionary<string, AccountOptions> Accounts { get; } = WithLocal(options.Accounts);

    /// <summary>The file it was read from; findings of a reload name it.</summary>
    public string File { get; init; } = "engine.json";

    /// <summary>The tree it was bound from, for lines in findings; null when it was not read.</summary>
    public Setting? Written { get; init; }

    public string PathTo(string file) => Path.GetFullPath(file, Path.GetFullPath(Directory));

    /// <summary>The account so named; null when there is none.</summary>
    public AccountOptions? AccountOf(string name) => Accounts.GetValueOrDefault(name);

    /// <summary>When failures of an account's mail become mail; an account that has gone gets events only.</summary>
    public Notices NoticesOf(string account) => AccountOf(account)?.Notices ?? Notices.Events;

    /// <summary>The same configuration with what these findings isolate; for findings that came up after loading, such as of keys.</summary>
    public Snapshot Isolating(IEnumerable<Finding> findings)
    {
        var bySubject = findings.Where(finding => finding.Subject is not null).ToLookup(finding => finding.Scope, finding => finding.Subject!);
        return new Snapshot(
            Options,
            Directory,
            BrokenAccounts.Concat(bySubject[FindingScope.Account]).ToFrozenSet(),
            BrokenDomains.Concat(bySubject[FindingScope.Domain]).ToFrozenSet())
        {
            File = File,
            Written = Written,
        };
    }

    private static FrozenDictionary<string, AccountOptions> WithLocal(IReadOnlyDictionary<string, AccountOptions> accounts) => accounts
        .Append(KeyValuePair.Create(AccountOptions.LocalName, accounts.GetValueOrDefault(AccountOptions.LocalName, AccountOptions.BuiltInLocal)))
        .DistinctBy(account => account.Key)
        .ToFrozenDictionary();
}
