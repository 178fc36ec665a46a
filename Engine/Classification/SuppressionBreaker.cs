using System.Collections.Concurrent;

namespace Engine.Classification;

/// <summary>
/// Stops suppressing when too many would be suppressed at once: then a provider has an incident, or a rule is wrong. One fuse for each operator and one for
/// each account; either that is open softens a judgement. Takes calls from any thread.
/// </summary>
/// <remarks>
/// A fuse opens when more than <see cref="OpenShare"/> of the RCPT replies of the last <see cref="Window"/> would suppress, at <see cref="MinimumSample"/> replies
/// or more. It closes after the share has stayed below <see cref="CloseShare"/> for <see cref="Calm"/>. Ordinary lists lose below 2 %.
/// </remarks>
internal sealed class SuppressionBreaker
{
    public const double OpenShare = 0.10;

    public const double CloseShare = 0.05;

    /// <summary>RCPT replies in the window below which nothing is said: two bad addresses of ten are a small list.</summary>
    public const int MinimumSample = 50;

    // Fuses kept before those without recent replies are given up: some MB.
    private const int MaxFuses = 20_000;

    private readonly ConcurrentDictionary<(FuseKind Kind, string Name), SuppressionFuse> _fuses = new();

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    public static TimeSpan Calm { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Counts a recipient's RCPT reply, good ones too, and gives the judgement that holds.</summary>
    /// <param name="judgement">The judgement; the default value for a recipient that was taken.</param>
    /// <param name="mailOperator">Id of the provider, or the destination's own name.</param>
    /// <param name="account">Whose mail it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="opened">The fuse that this reply opened, to be told once to an operator; else null.</param>
    public Judgement Pass(in Judgement judgement, string mailOperator, string account, DateTimeOffset now, out FuseOpened? opened)
    {
        var (byOperator, byAccount) = (FuseOf(FuseKind.Operator, mailOperator, now), FuseOf(FuseKind.Account, account, now));
        var first = byOperator.Count(judgement.IsHard, now, out var operatorShare);
        var second = byAccount.Count(judgement.IsHard, now, out var accountShare);
        opened = first ? new FuseOpened(FuseKind.Operator, mailOperator, operatorShare) : second ? new FuseOpened(FuseKind.Account, account, accountShare) : null;
        return byOperator.IsOpen || byAccount.IsOpen ? judgement.Softened() : judgement;
    }

    /// <summary>Whether suppression is stopped for a provider or account now.</summary>
    public bool IsOpen(FuseKind kind, string name) => _fuses.TryGetValue((kind, name), out var fuse) && fuse.IsOpen;

    /// <summary>Every fuse that is open, for status.</summary>
    public IEnumerable<(FuseKind Kind, string Name)> Open => _fuses.Where(static entry => entry.Value.IsOpen).Select(static entry => entry.Key);

    private SuppressionFuse FuseOf(FuseKind kind, string name, DateTimeOffset now)
    {
        if (_fuses.TryGetValue((kind, name), out var fuse))
        {
            return fuse;
        }

        if (_fuses.Count >= MaxFuses)
        {
            foreach (var (key, idle) in _fuses.Where(entry => entry.Value.IsIdle(now)))
            {
                _fuses.TryRemove(KeyValuePair.Create(key, idle));
            }
        }

        return _fuses.GetOrAdd((kind, name), static _ => new SuppressionFuse());
    }
}
