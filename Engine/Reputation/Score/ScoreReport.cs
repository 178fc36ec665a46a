using System.Globalization;

namespace Engine.Reputation.Score;

/// <summary>A score and how it came about.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Samples">Recipients answered in the window.</param>
/// <param name="IsJudged">Enough of them for consequences.</param>
/// <param name="Components">Its shares.</param>
/// <param name="Stage">What followed.</param>
/// <param name="Since">Since when; default for <see cref="ScoreStage.None"/>.</param>
internal sealed record ScoreReport(ScoreSubject Subject, int Score, long Samples, bool IsJudged, IReadOnlyList<ScoreComponent> Components, ScoreStage Stage, DateTimeOffset Since)
{
    /// <summary>The numbers in words, the worst first.</summary>
    public string Reason
    {
        get
        {
            var shares = Components.Where(one => one.Points <= -0.5).OrderBy(one => one.Points)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Rate:0.####} costs {-one.Points:0.#}"));
            return string.Create(CultureInfo.InvariantCulture, $"score {Score} over {Samples} recipients: {string.Join(", ", shares)}");
        }
    }
}
