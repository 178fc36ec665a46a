using Engine.Configuration.Binding;
using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Where a pool's mail goes while none of its sources takes any. Written <c>wait</c>, <c>pool:NAME</c> or <c>relay:NAME</c>.</summary>
/// <param name="Pool">Another pool; null for none.</param>
/// <param name="Relay">A relay; null for none.</param>
internal readonly record struct PoolFallback(string? Pool, string? Relay)
{
    private const string PoolPrefix = "pool:";
    private const string RelayPrefix = "relay:";

    /// <summary>It stays queued until a source takes mail again.</summary>
    public bool Waits => Pool is null && Relay is null;

    public static bool TryParse(string text, out PoolFallback fallback)
    {
        fallback = text switch
        {
            _ when text.StartsWith(PoolPrefix, StringComparison.Ordinal) => new PoolFallback(text[PoolPrefix.Length..], null),
            _ when text.StartsWith(RelayPrefix, StringComparison.Ordinal) => new PoolFallback(null, text[RelayPrefix.Length..]),
            _ => default,
        };
        return fallback.Waits ? text == "wait" : TextForms.Name(KeyForm.Name, fallback.Pool ?? fallback.Relay!) is not null;
    }

    public override string ToString() => this switch
    {
        { Pool: { } pool } => PoolPrefix + pool,
        { Relay: { } relay } => RelayPrefix + relay,
        _ => "wait",
    };
}
