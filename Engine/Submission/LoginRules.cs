using System.Collections.Frozen;

namespace Engine.Submission;

/// <summary>Somebody who may submit: a credential, an injector, or whoever reaches a listener without authentication. Immutable.</summary>
internal sealed record LoginRules
{
    /// <summary><c>account/credential</c> or the injector's name; empty without authentication.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Null when it cannot be read: then nobody can log in.</summary>
    public StoredPassword? Password { get; init; }

    public NetworkSet Clients { get; init; } = new([]);

    /// <summary>Null for an injector, which names it in each message.</summary>
    public AccountRules? Account { get; init; }

    /// <summary>Streams it may use; empty means all of the account's.</summary>
    public FrozenSet<string> Streams { get; init; } = [];

    /// <summary>For an injector: accounts it may act for; <c>*</c> is all.</summary>
    public FrozenSet<string> ActFor { get; init; } = [];

    public bool IsAuthenticated => Name.Length > 0;

    public bool IsInjector => Account is null;

    public bool MayActFor(string account) => ActFor.Contains("*") || ActFor.Contains(account);
}
