namespace Engine.Admin;

/// <summary>Body of override rm.</summary>
internal sealed record OverrideRemoval(string? Key);
