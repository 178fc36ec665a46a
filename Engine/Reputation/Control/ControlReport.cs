namespace Engine.Reputation.Control;

/// <summary>How one key stands, for <c>why</c>, <c>provider show</c> and <c>source show</c>.</summary>
internal sealed record ControlReport
{
    public required ControlKey Key { get; init; }

    /// <summary>With the rule and since when.</summary>
    public required Allowance Allowance { get; init; }

    public SourceShare Share { get; init; } = SourceShare.Full;

    /// <summary>When the pause, stop or hold that binds now ends; null when good replies end it or nothing binds.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What binds now, in words; empty when nothing does.</summary>
    public required string Binding { get; init; }

    /// <summary>Replies of the last minute: good.</summary>
    public int Good { get; init; }

    /// <summary>Replies of the last minute: too fast, or too many connections.</summary>
    public int Throttled { get; init; }

    /// <summary>Replies of the last minute that blame the source.</summary>
    public int Blamed { get; init; }

    /// <summary>Replies of the last minute that blame the receiver.</summary>
    public int Receiver { get; init; }

    /// <summary>Recipients per second at which the receiver last refused; 0 when never.</summary>
    public double RefusedRate { get; init; }

    /// <summary>Connections at which the receiver last refused; 0 when never.</summary>
    public int RefusedConnections { get; init; }
}
