using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>A limit that matches, as it stands now.</summary>
/// <param name="Limit">Its name, key, reason and figures.</param>
/// <param name="Kind">By what it refuses.</param>
/// <param name="Until">Wall clock: when it grants next; null when it grants now, or when nobody can tell (a counter that is full, a pause without an end).</param>
/// <param name="Waiting">Flows or lanes in its lines, and destinations in its counter's.</param>
internal sealed record BindingLimit(Limit Limit, BindingKind Kind, DateTimeOffset? Until, int Waiting)
{
    /// <summary>It refuses, or others stand before a newcomer.</summary>
    public bool Binds => Kind is not BindingKind.None;
}
