using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Engine.Tests.Configuration;

/// <summary>As much of JSON Schema 2020-12 as engine.schema.json uses; a keyword it does not know is an error, so nothing is passed over.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly HashSet<string> Notes = ["$schema", "title", "description", "default", "enumDescriptions", "$defs"];

    /// <summary>Paths at which the value breaks the schema.</summary>
    public IReadOnlyList<string> Faults(JsonElement value)
    {
        var faults = new List<string>();
        Check(root, value, "$", faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Notes.Contains(keyword.Name) && !keyword.Name.StartsWith("x-", StringComparison.Ordinal)))
        {
            if (!Holds(schema, keyword, value, path, faults))
            {
                faults.Add($"{path}: {keyword.Name}");
            }
        }
    }

    private bool Holds(JsonElement schema, JsonProperty keyword, JsonElement value, string path, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "$ref":
                Check(root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), value, path, faults);
                return true;
            case "anyOf":
                return keyword.Value.EnumerateArray().Any(choice => Passes(choice, value));
            case "type":
                return keyword.Value.ValueKind is JsonValueKind.Array
                    ? keyword.Value.EnumerateArray().Any(type => IsOf(type.GetString()!, value))
                    : IsOf(keyword.Value.GetString()!, value);
            case "enum":
                return keyword.Value.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value));
            case "pattern":
                return value.ValueKind is not JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));
            case "minimum":
                return value.ValueKind is not JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble();
            case "maximum":
                return value.ValueKind is not JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble();
            case "minLength":
                return value.ValueKind is not JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32();
            case "minItems":
                return value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32();
            case "minProperties":
                return value.ValueKind is not JsonValueKind.Object || value.EnumerateObject().Count() >= keyword.Value.GetInt32();
            case "items":
                Items(keyword.Value, value, path, faults);
                return true;
            case "properties":
                Properties(keyword.Value, value, path, faults);
                return true;
            case "propertyNames":
                return value.ValueKind is not JsonValueKind.Object
                    || value.EnumerateObject().All(member => Passes(keyword.Value, JsonSerializer.SerializeToElement(member.Name)));
            case "additionalProperties":
                return Additional(schema, keyword.Value, value, path, faults);
            case "required":
                return value.ValueKind is not JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            default:
                throw new InvalidOperationException($"the keyword {keyword.Name} is not known here");
        }
    }

    private bool Passes(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults.Count == 0;
    }

    private void Items(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        var index = 0;
        foreach (var item in value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : default)
        {
            Check(schema, item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
        }
    }

    private void Properties(JsonElement properties, JsonElement value, string path, List<string> faults)
    {
        foreach (var property in properties.EnumerateObject())
        {
            if (value.ValueKind is JsonValueKind.Object && value.TryGetProperty(property.Name, out var member))
            {
                Check(property.Value, member, $"{path}.{property.Name}", faults);
            }
        }
    }

    private bool Additional(JsonElement schema, JsonElement additional, JsonElement value, string path, List<string> faults)
    {
        var others = value.ValueKind is JsonValueKind.Object
            ? value.EnumerateObject().Where(member => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _)).ToList()
            : [];
        if (additional.ValueKind is JsonValueKind.False)
        {
            return others.Count == 0;
        }

        others.ForEach(member => Check(additional, member.Value, $"{path}.{member.Name}", faults));
        return true;
    }

    private static bool IsOf(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("null", JsonValueKind.Null) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
        _ => false,
    };
}
