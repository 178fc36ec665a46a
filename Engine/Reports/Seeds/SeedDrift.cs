using System.Globalization;

namespace Engine.Reports.Seeds;

/// <summary>Decides when the way to one provider's inbox has become worse, and when it is good again. No I/O.</summary>
/// <remarks>
/// <code>
/// of the newest 12 probes of 24 h   begins at                               ends at
/// spam                              3 of at least 6, and 30 %               below 10 %
/// missing                           3 of at least 6, and 30 %               below 10 %
/// slow                              median 4 × that of the 6 days before    below 2 ×
/// </code>
/// Slow wants six that came, twelve to compare with, and a median above two minutes: below it nobody waits.
/// </remarks>
internal sealed class SeedDrift
{
    /// <summary>Probes before anything is said.</summary>
    public const int Minimum = 6;

    private const int Window = 12;
    private const int MinimumBad = 3;
    private const double BeginsAt = 0.3;
    private const double EndsBelow = 0.1;
    private const double SlowTimes = 4;
    private const double FastTimes = 2;
    private const double NeverSlow = 120;

    private bool _isSpam;
    private bool _isMissing;
    private bool _isSlow;

    /// <summary>What is wrong now: <c>spam</c>, <c>missing</c>, <c>slow</c>, with blanks between; empty for nothing.</summary>
    public string State => string.Join(' ', new[] { _isSpam ? "spam" : null, _isMissing ? "missing" : null, _isSlow ? "slow" : null }.OfType<string>());

    /// <summary>Looks at the results after each new one.</summary>
    /// <param name="day">Of the last 24 h, in the order in which they became known.</param>
    /// <param name="before">Older ones, to compare times with.</param>
    /// <returns>News; null when nothing changed.</returns>
    public string? Judge(IReadOnlyList<SeedResult> day, IReadOnlyCollection<SeedResult> before)
    {
        var newest = day.Skip(Math.Max(0, day.Count - Window)).ToArray();
        if (newest.Length < Minimum)
        {
            return null;
        }

        var share = SeedShare.Of(newest);
        var was = State;
        _isSpam = Follow(_isSpam, share.Spam, newest.Length);
        _isMissing = Follow(_isMissing, share.Missing, newest.Length);
        var came = newest.Count(result => result.Place is not SeedPlace.Missing);
        var usual = SeedShare.Of(before).Median;
        if (came >= Minimum && before.Count >= Window && share.Median is { } median && usual is { } normal)
        {
            _isSlow = median > NeverSlow && median > Math.Max(normal, 1) * (_isSlow ? FastTimes : SlowTimes);
        }

        return State == was ? null : State.Length == 0
            ? "probes arrive in the inbox again, as fast as they used to"
            : string.Create(CultureInfo.InvariantCulture, $"of the last {newest.Length} probes {share.Spam:0 %} went to spam and {share.Missing:0 %} are missing; the others took {share.Median ?? 0:0} s in the middle, {usual ?? 0:0} s on the days before");
    }

    private static bool Follow(bool isBad, double share, int probes) =>
        isBad ? share >= EndsBelow : share >= BeginsAt && Math.Round(share * probes) >= MinimumBad;
}
