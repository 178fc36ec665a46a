namespace Engine.Admin;

/// <summary>Body of pause and resume: exactly one of the first four.</summary>
internal sealed record PauseRequest(bool All = false, string? Account = null, string? Stream = null, string? Pool = null, string? For = null, string? Reason = null);
