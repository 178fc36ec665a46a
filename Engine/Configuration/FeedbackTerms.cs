using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>What leaves us so that what comes back can be acted on, ready for hot paths. Of one snapshot; thread-safe.</summary>
internal sealed class FeedbackTerms
{
    private readonly FrozenDictionary<string, uint> _accounts;
    private readonly FrozenDictionary<string, uint> _earlier;
    private readonly FrozenDictionary<string, ushort> _streams;

    /// <param name="options">The configuration.</param>
    /// <param name="accounts">All of them, the built-in one too.</param>
    /// <param name="tokens">Null where there are no keys.</param>
    public FeedbackTerms(EngineOptions options, IReadOnlyDictionary<string, AccountOptions> accounts, TokenRing? tokens)
    {
        Tokens = tokens;
        Verp = tokens is null ? Verp.Off : options.Feedback.Verp ?? Verp.Recipient;
        ReturnPaths = new ReturnPathDomains(options);
        _accounts = accounts.ToFrozenDictionary(account => account.Key, account => StreamKey.NumberOf(account.Key, account.Value.Number), StringComparer.Ordinal);
        _earlier = accounts.Where(account => account.Value.Number > 0).ToFrozenDictionary(account => account.Key, account => StreamKey.NumberOf(account.Key, 0), StringComparer.Ordinal);
        _streams = accounts.Values
            .SelectMany(account => account.Streams.Keys)
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(stream => stream, StreamKey.NumberOf, StringComparer.Ordinal);
        UnsubscribeUrl = tokens is null || options.Feedback.Unsubscribe is not { } unsubscribe ? null : unsubscribe.Url.TrimEnd('/') + "/";
        ComplaintAddress = tokens is null || options.Feedback.Complaints.Count == 0 ? null : options.Feedback.Complaints[0];
    }

    /// <summary>Null where <c>feedback.tokenKeys</c> is left out: then nothing that leaves is changed.</summary>
    public TokenRing? Tokens { get; }

    /// <summary>What holds: without keys it is off.</summary>
    public Verp Verp { get; }

    public ReturnPathDomains ReturnPaths { get; }

    /// <summary>What the token is put behind, slash and all; null for no link.</summary>
    public string? UnsubscribeUrl { get; }

    /// <summary>Value of <c>CFBL-Address</c>; null for none.</summary>
    public string? ComplaintAddress { get; }

    /// <summary>Reads the keys.</summary>
    /// <exception cref="IOException">A file cannot be read; the checks find that before.</exception>
    /// <exception cref="ArgumentException">They make no ring; the checks find that before.</exception>
    public static FeedbackTerms Load(Snapshot snapshot)
    {
        var keys = snapshot.Options.Feedback.TokenKeys;
        var ring = keys is null ? null : new TokenRing([.. keys.Keys.Select(key => (key.Key, File.ReadAllBytes(snapshot.PathTo(key.Value))))], keys.Active);
        return new FeedbackTerms(snapshot.Options, snapshot.Accounts, ring);
    }

    /// <summary>The key the stream had before its account got a number: suppressions of that time still hold. Null for accounts without one.</summary>
    public StreamKey? EarlierOf(string account, string stream) =>
        _earlier.TryGetValue(account, out var number) ? StreamOf(account, stream) with { Account = number } : null;

    /// <summary>An account and stream as tokens and suppression know them. Of those in the configuration it allocates nothing.</summary>
    public StreamKey StreamOf(string account, string stream) => new(
        _accounts.TryGetValue(account, out var number) ? number : StreamKey.NumberOf(account, 0),
        stream.Length == 0 ? (ushort)0 : _streams.TryGetValue(stream, out var known) ? known : StreamKey.NumberOf(stream));
}
