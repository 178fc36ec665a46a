using System.Text.Json.Serialization;

namespace Engine.Reputation.Control.Saving;

/// <summary>Reads and writes <see cref="SavedControl"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SavedControl))]
internal sealed partial class SavedControlJson : JsonSerializerContext;
