using Engine.Configuration;

namespace Engine.Reputation.Brakes;

/// <summary>The thresholds of one rule.</summary>
/// <param name="Warn">Share that is warned of.</param>
/// <param name="Pause">Share that is paused.</param>
/// <param name="Window">How far back is looked.</param>
/// <param name="Minimum">Answers for hard bounces, complaints for complaints.</param>
internal readonly record struct BrakeTerms(double Warn, double Pause, TimeSpan Window, int Minimum)
{
    public static BrakeTerms Of(HardBounceBrakeOptions options) => new(options.Warn, options.Pause, options.Window, options.Minimum);

    public static BrakeTerms Of(ComplaintBrakeOptions options) => new(options.Warn, options.Pause, options.Window, options.Minimum);

    /// <summary>Below half of the warning it is over.</summary>
    public double Calm => Warn / 2;

    public BrakeLevel LevelOf(double rate) => rate >= Pause ? BrakeLevel.Paused : rate >= Warn ? BrakeLevel.Warned : BrakeLevel.None;
}
