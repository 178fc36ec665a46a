using System.Text.Json.Nodes;

namespace Engine.Admin;

/// <summary>Body of <c>POST /v1/sources/…</c>, <c>/v1/warmup/…</c> and <c>/v1/providers/…</c>.</summary>
/// <param name="Name">Source, or provider.</param>
/// <param name="Provider">For <c>warmup/set</c>: one provider only; null for all.</param>
/// <param name="Step">For <c>warmup/set</c>: day of the plan, from 1, as a number or its text; or <c>warm</c>.</param>
/// <param name="Rate">For providers: recipients per time from each source; <c>none</c> takes it back.</param>
/// <param name="Connections">For providers: connections at once from each source; <c>none</c> takes it back.</param>
/// <param name="For">How long; null until it is taken back.</param>
/// <param name="Reason">Why; recorded.</param>
internal sealed record SourceChange(string? Name, string? Provider, JsonNode? Step, string? Rate, string? Connections, string? For, string? Reason);
