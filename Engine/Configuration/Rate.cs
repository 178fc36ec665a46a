using System.Globalization;

namespace Engine.Configuration;

/// <summary>A rate with the burst its bucket holds. Written <c>"100/s"</c>, <c>"500/h burst 10"</c>, <c>"1000/d"</c> (also <c>/m</c>).</summary>
/// <param name="Count">Tokens per <paramref name="Per"/>; above 0.</param>
/// <param name="Per">One second, minute, hour or day.</param>
/// <param name="Burst">Tokens the full bucket holds; default one second's worth, at least 1.</param>
internal readonly record struct Rate(double Count, TimeSpan Per, int Burst)
{
    public double PerSecond => Count / Per.TotalSeconds;

    public static Rate PerSecondOf(double count, int burst = 0) =>
        new(count, TimeSpan.FromSeconds(1), burst > 0 ? burst : Math.Max(1, (int)count));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count:0.###############}/{(Per.TotalSeconds switch { 1 => "s", 60 => "m", 3_600 => "h", _ => "d" })} burst {Burst}");
}
