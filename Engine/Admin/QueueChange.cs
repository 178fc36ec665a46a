using System.Text.Json.Nodes;

namespace Engine.Admin;

/// <summary>Body of a changing queue verb.</summary>
/// <param name="Selector">Names and values as on the command line; empty means all.</param>
/// <param name="DryRun">Count only.</param>
/// <param name="Reason">For the admin event.</param>
/// <param name="Pool">For route: the new pool.</param>
internal sealed record QueueChange(JsonObject? Selector, bool DryRun = false, string? Reason = null, string? Pool = null);
