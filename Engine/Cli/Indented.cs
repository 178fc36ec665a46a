using System.Text.Json;

namespace Engine.Cli;

/// <summary>JSON for people.</summary>
internal static class Indented
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
