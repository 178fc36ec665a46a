using System.Globalization;

namespace Engine.Configuration.Shapes;

/// <summary>The smallest and the largest value of a key, both allowed; of every item where the key holds a list or a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute : Attribute
{
    /// <summary>Bounds in the unit of the key: <c>"1s"</c>, <c>"64KiB"</c>.</summary>
    public BetweenAttribute(string low, string high) => (Low, High) = (low, high);

    /// <summary>Bounds of a plain number.</summary>
    public BetweenAttribute(double low, double high)
        : this(low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture))
    {
    }

    public string Low { get; }

    public string High { get; }
}
