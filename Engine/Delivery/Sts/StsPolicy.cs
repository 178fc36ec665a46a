using System.Globalization;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>What a domain says of TLS towards its exchangers. RFC 8461 §3.2. Immutable; equal for equal words.</summary>
/// <param name="Mode">What is asked.</param>
/// <param name="MaxAge">How long it holds after it was fetched; from 0 to <see cref="LongestAge"/>.</param>
internal sealed record StsPolicy(StsMode Mode, TimeSpan MaxAge)
{
    /// <summary>31 557 600 s. RFC 8461 §3.2.</summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(31_557_600);

    /// <summary>Lower case, A-labels, in order, each once; a first label <c>*</c> stands for any one. Empty only with <see cref="StsMode.None"/>.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>The word for the mode.</summary>
    public string Word => Mode.ToString().ToLowerInvariant();

    /// <summary>The policy as lines, as a TLS report shows it. RFC 8460 §4.4. The same object for this policy; what we do not know of it is left out.</summary>
    public IReadOnlyList<string> Lines => field ??=
    [
        "version: STSv1",
        $"mode: {Word}",
        .. Patterns.Select(static pattern => $"mx: {pattern}"),
        string.Create(CultureInfo.InvariantCulture, $"max_age: {MaxAge.TotalSeconds:0}"),
    ];

    public bool Equals(StsPolicy? other) => other is not null && (Mode, MaxAge) == (other.Mode, other.MaxAge) && Patterns.SequenceEqual(other.Patterns);

    public override int GetHashCode() => HashCode.Combine(Mode, MaxAge, Patterns.Count);
}
