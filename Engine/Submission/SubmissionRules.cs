using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>One snapshot of the configuration, turned into what submission asks for: no text is parsed per message. Immutable.</summary>
internal sealed class SubmissionRules
{
    private readonly FrozenDictionary<string, AccountRules> _accounts;
    private readonly FrozenDictionary<string, LoginRules> _logins;
    private readonly FrozenDictionary<string, LoginRules> _open;
    private readonly FrozenSet<string> _brokenDomains;

    /// <summary>See <see cref="RulesInForce.IsWithheld"/>.</summary>
    public Func<DomainName, bool> IsWithheld { get; init; } = static _ => false;

    public SubmissionRules(Snapshot snapshot)
    {
        Snapshot = snapshot;
        var options = snapshot.Options;
        _accounts = options.Accounts.ToFrozenDictionary(pair => pair.Key, pair => AccountOf(pair.Key, pair.Value));
        _brokenDomains = snapshot.BrokenDomains.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Listeners = options.Listeners
            .ToFrozenDictionary(pair => pair.Key, pair => ListenerOf(pair.Key, pair.Value, options.Tls is not null));
        _logins = Logins(options).ToFrozenDictionary(login => login.Name);
        _open = Listeners.Values.Where(listener => !listener.NeedsAuth && !listener.IsFeedback).ToFrozenDictionary(
            listener => listener.Name,
            listener => new LoginRules { Account = FindAccount(listener.Options.Account) ?? Broken(listener.Options.Account) });
        Decoy = StoredPassword.Decoy(_logins.Values.Max(login => login.Password?.Iterations) ?? StoredPassword.DefaultIterations);
    }

    public Snapshot Snapshot { get; }

    public EngineOptions Options => Snapshot.Options;

    public FrozenDictionary<string, ListenerRules> Listeners { get; }

    /// <summary>Checked for logins that do not exist, so that they take as long as those that do.</summary>
    public StoredPassword Decoy { get; }

    /// <summary>The built-in <c>local</c> is there unless the file has one of its own.</summary>
    public AccountRules? FindAccount(string name) =>
        _accounts.GetValueOrDefault(name) ?? (name == "local" ? AccountOf(name, new AccountOptions { Domains = ["*"], Notices = Notices.Dsn }) : null);

    public LoginRules? FindLogin(string name) => _logins.GetValueOrDefault(name);

    /// <summary>Who submits on a listener that asks for no login; null when the listener is gone or asks for one.</summary>
    public LoginRules? FindOpen(string listener) => _open.GetValueOrDefault(listener);

    public bool IsBroken(DomainName domain) => _brokenDomains.Count > 0 && _brokenDomains.Contains(domain.Name);

    /// <summary>Whether mail of this account and class may leave by this pool.</summary>
    public bool AllowsPool(string pool, string account, StreamClass wanted) =>
        Options.Pools.TryGetValue(pool, out var options) && IsOpen(options, account, wanted);

    private static bool IsOpen(PoolOptions pool, string account, StreamClass wanted) =>
        pool.Class == wanted && (pool.ExclusiveTo.Count == 0 || pool.ExclusiveTo.Contains(account));

    private static ListenerRules ListenerOf(string name, ListenerOptions options, bool hasCertificate) => new()
    {
        Name = name,
        Options = options,
        Tls = options.Tls ?? (hasCertificate ? ListenerTls.Starttls : ListenerTls.Off),
        Clients = options.Clients.Count == 0 && options is { Auth: ListenerAuth.None, Role: ListenerRole.Submission } ? NetworkSet.Loopback : new NetworkSet(options.Clients),
    };

    // A listener that names an account the file lacks: Configuration finds it; here nothing is taken.
    private AccountRules Broken(string name) => AccountOf(name, new AccountOptions()) with { IsBroken = true };

    private AccountRules AccountOf(string name, AccountOptions options)
    {
        var streams = options.Streams.ToFrozenDictionary(pair => pair.Key, pair => StreamOf(pair.Key, name, pair.Value));
        var only = streams.Count switch
        {
            0 => StreamOf(string.Empty, name, new StreamOptions { Class = StreamClass.Transactional }),
            1 => streams.Values[0],
            _ => null,
        };
        return new AccountRules
        {
            Name = name,
            Status = options.Status,
            IsBroken = Snapshot.BrokenAccounts.Contains(name),
            Domains = new DomainSet(options.Domains),
            Streams = streams,
            Default = options.DefaultStream is { } stream ? streams.GetValueOrDefault(stream) : only,
            InjectRate = options.InjectRate,
            Quota = options.Quota,
            PerRecipient = options.PerRecipient,
            UniqueMessageId = options.UniqueMessageId,
            Zone = options.TimeZone is { } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : null,
        };
    }

    private StreamRules StreamOf(string name, string account, StreamOptions options)
    {
        var pool = options.Pool ?? Options.Pools.Where(pair => IsOpen(pair.Value, account, options.Class)).Select(pair => pair.Key).FirstOrDefault();
        var giveUp = Options.Delivery.GiveUp;
        var longest = options.GiveUp ?? (options.Class is StreamClass.Transactional ? giveUp.Transactional : giveUp.Marketing);
        return new StreamRules(name, options.Class, pool ?? string.Empty, options.GiveUp, longest);
    }

    private IEnumerable<LoginRules> Logins(EngineOptions options)
    {
        foreach (var (name, account) in options.Accounts)
        {
            foreach (var (credential, of) in account.Credentials)
            {
                yield return new LoginRules
                {
                    Name = $"{name}/{credential}",
                    Password = StoredPassword.TryParse(of.Password, out var password) ? password : null,
                    Clients = new NetworkSet(of.Clients),
                    Account = _accounts[name],
                    Streams = of.Streams.ToFrozenSet(),
                };
            }
        }

        foreach (var (name, injector) in options.Injectors)
        {
            yield return new LoginRules
            {
                Name = name,
                Password = StoredPassword.TryParse(injector.Password, out var password) ? password : null,
                Clients = new NetworkSet(injector.Clients),
                ActFor = injector.ActFor.ToFrozenSet(),
            };
        }
    }
}
