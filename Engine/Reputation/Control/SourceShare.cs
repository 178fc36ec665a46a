namespace Engine.Reputation.Control;

/// <summary>What part of its weight a source gets at one receiver.</summary>
/// <param name="Weight">From 0 (stopped) to 1.</param>
/// <param name="State">Why.</param>
internal readonly record struct SourceShare(double Weight, SourceState State)
{
    public static readonly SourceShare Full = new(1, SourceState.Healthy);
}
