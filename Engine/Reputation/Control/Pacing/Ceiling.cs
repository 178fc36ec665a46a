namespace Engine.Reputation.Control.Pacing;

/// <summary>What is configured for a key: control allows no more.</summary>
/// <param name="RatePerSecond">Recipients per second; null for none.</param>
/// <param name="Connections">At once; null for none: then control sets none but where it recovers or is asked to.</param>
/// <param name="MessagesPerConnection">On one connection.</param>
internal readonly record struct Ceiling(double? RatePerSecond, int? Connections, int MessagesPerConnection)
{
    /// <summary>Connections at which a recovery is over where none are configured; default 20.</summary>
    public int Enough { get; init; } = 20;

    /// <summary>Connections at which control lets go: a number that can be reached, or the key would never come to rest.</summary>
    public int LetGoAt => Connections ?? Enough;
}
