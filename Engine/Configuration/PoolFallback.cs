namespace Engine.Configuration;

/// <summary>Key <c>onEmpty</c> of a pool, taken apart. The default value is <c>wait</c>.</summary>
/// <param name="Pool">The pool to take instead; null for none.</param>
/// <param name="Relay">The relay to take instead; null for none.</param>
internal readonly record struct PoolFallback(string? Pool, string? Relay)
{
    private const string PoolPrefix = "pool:";
    private const string RelayPrefix = "relay:";

    /// <summary>Reads <c>wait</c>, <c>pool:NAME</c>, <c>relay:NAME</c>.</summary>
    public static bool TryParse(string text, out PoolFallback fallback)
    {
        fallback = text switch
        {
            _ when text.StartsWith(PoolPrefix, StringComparison.Ordinal) => new PoolFallback(text[PoolPrefix.Length..], null),
            _ when text.StartsWith(RelayPrefix, StringComparison.Ordinal) => new PoolFallback(null, text[RelayPrefix.Length..]),
            _ => default,
        };
        return text == "wait" || fallback.Pool?.Length > 0 || fallback.Relay?.Length > 0;
    }
}
