namespace Engine.Configuration;

/// <summary>A value that a verb or a brake set over engine.json. It survives reload and restart, until it is removed or its time is over.</summary>
/// <param name="Key">What it sets; see <see cref="OverrideKey"/>.</param>
/// <param name="Value">The value, in the spelling of engine.json.</param>
/// <param name="Who">The operator or the brake.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Since">When it was set.</param>
/// <param name="Until">When it ends by itself; null is never.</param>
internal sealed record Override(string Key, string Value, string Who, string Reason, DateTimeOffset Since, DateTimeOffset? Until = null)
{
    public bool IsOver(DateTimeOffset now) => Until <= now;
}
