using System.Collections.Frozen;
using Engine.Configuration.Providers;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

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

    /// <summary>The operator's provider data; null where he has none.</summary>
    public ProviderBook? OwnProviders { get; init; }

    /// <summary>What is known of providers: the operator's data, or the shipped one, which is read when it is first asked for.</summary>
    public ProviderBook Providers => OwnProviders ?? ProviderBook.Shipped;

    /// <summary>Every limit: those shipped with the provider data, and engine.json's own, which replace shipped ones of their name.</summary>
    public IReadOnlyDictionary<string, LimitOptions> Limits => field ??= Joined(Providers.ShippedLimits, Options.Limits);

    /// <summary>Retry schedules as they hold: engine.json's where it writes them, else those of the provider data, else the defaults.</summary>
    public RetryOptions Retry => field ??= Scheduled();

    /// <summary>Tokens, return paths and what else leaves for feedback. Loading reads the keys; of a snapshot made in code they are read when first asked for.</summary>
    public FeedbackTerms Feedback
    {
        get => field ??= FeedbackTerms.Load(this);
        init;
    }

    /// <summary>Which sender domains are verified, and how.</summary>
    public VerifyTerms Verify => field ??= new VerifyTerms(Options);

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
            OwnProviders = OwnProviders,
            Feedback = Feedback,
        };
    }

    private static FrozenDictionary<string, LimitOptions> Joined(IReadOnlyDictionary<string, LimitOptions> shipped, IReadOnlyDictionary<string, LimitOptions> own) =>
        own.Concat(shipped.Where(limit => !own.ContainsKey(limit.Key))).ToFrozenDictionary();

    // Without a tree the options were made in code, and all of them are meant.
    private RetryOptions Scheduled()
    {
        var retry = Options.Delivery.Retry;
        if (Written is null)
        {
            return retry;
        }

        var path = JsonPath.Root["delivery"]["retry"];
        foreach (var (kind, schedule) in Providers.Schedules.Where(entry => entry.Key is not RetryKind.Throttled))
        {
            retry = Written.Nearest(path[Spelling.Of(kind)]).Written ? retry : retry.With(kind, schedule);
        }

        return retry;
    }

    private static FrozenDictionary<string, AccountOptions> WithLocal(IReadOnlyDictionary<string, AccountOptions> accounts) => accounts
        .Append(KeyValuePair.Create(AccountOptions.LocalName, accounts.GetValueOrDefault(AccountOptions.LocalName, AccountOptions.BuiltInLocal)))
        .DistinctBy(account => account.Key)
        .ToFrozenDictionary();
}
