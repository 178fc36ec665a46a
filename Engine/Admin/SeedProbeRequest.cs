namespace Engine.Admin;

/// <summary>Body of <c>POST /v1/seeds/probe</c>.</summary>
/// <param name="Name">Key in <c>seeds</c>.</param>
/// <param name="Reason">The operator's words.</param>
internal sealed record SeedProbeRequest(string Name, string? Reason);
