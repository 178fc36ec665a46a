using System.Text.Json.Nodes;

namespace Engine.Admin;

/// <summary>Body of queue export.</summary>
/// <param name="Selector">Names and values as on the command line; empty means all.</param>
/// <param name="Hold">Holds what is exported first.</param>
/// <param name="Reason">For the admin event.</param>
internal sealed record ExportRequest(JsonObject? Selector, bool Hold = false, string? Reason = null);
