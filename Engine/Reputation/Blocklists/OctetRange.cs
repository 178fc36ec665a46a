using System.Globalization;

namespace Engine.Reputation.Blocklists;

/// <summary>One octet of a code: <c>2</c>, <c>4-7</c> or <c>*</c>. Both ends belong to it.</summary>
internal readonly record struct OctetRange(byte Low, byte High)
{
    public static readonly OctetRange Zero = new(0, 0);

    public static readonly OctetRange Any = new(0, byte.MaxValue);

    public static bool TryParse(string text, out OctetRange range)
    {
        range = Any;
        if (text == "*")
        {
            return true;
        }

        var ends = text.Split('-');
        var isRead = ends.Length <= 2
            & byte.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            & byte.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var high);
        range = new OctetRange(low, high);
        return isRead && low <= high;
    }

    public bool Holds(byte octet) => octet >= Low && octet <= High;

    public bool Meets(OctetRange other) => Low <= other.High && other.Low <= High;
}
