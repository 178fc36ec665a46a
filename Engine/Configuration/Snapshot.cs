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

    /// <summary>Sender domains with findings (a key that does not load): submission 451 4.7.0.</summary>
    public IReadOnlySet<string> BrokenDomains { get; } = brokenDomains;

    /// <summary>When failures of an account's mail become mail; the built-in <c>local</c> account gets DSNs.</summary>
    public Notices NoticesOf(string account) =>
        Options.Accounts.TryGetValue(account, out var options) ? options.Notices : Notices.Dsn;

    public string PathTo(string file) => Path.GetFullPath(file, Path.GetFullPath(Directory));
}
