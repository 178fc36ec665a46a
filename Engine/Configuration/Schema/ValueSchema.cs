using System.Globalization;
using System.Text.Json;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Schema;

/// <summary>Writes what JSON Schema can say about one value: type, choices, pattern, bounds.</summary>
internal sealed class ValueSchema(Utf8JsonWriter writer, DocComments docs)
{
    // A text that the environment fills may be anything.
    private const string FromEnvironment = @".*\$\{[A-Za-z_][A-Za-z0-9_]*\}.*";

    /// <summary>Records that were referred to, by their name under <c>$defs</c>.</summary>
    public SortedDictionary<string, Shape> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes the keywords for a value of the shape.</summary>
    public void Value(Shape shape, OptionKey key, bool nullable)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Record:
                var name = shape.Type.Name.Replace("Options", string.Empty, StringComparison.Ordinal);
                name = Spelling.Key(name);
                Records.TryAdd(name, shape);
                Reference(name, nullable);
                break;
            case ShapeKind.List:
                Type("array", nullable);
                writer.WriteStartObject("items");
                Value(shape.Item!, key, nullable: false);
                writer.WriteEndObject();
                break;
            case ShapeKind.Map:
                Type("object", nullable);
                Names(shape, key);
                writer.WriteStartObject("additionalProperties");
                Value(shape.Item!, key, nullable: false);
                writer.WriteEndObject();
                break;
            case ShapeKind.Schedule:
                Type("array", nullable);
                writer.WriteNumber("minItems", 1);
                writer.WriteStartObject("items");
                writer.WriteString("type", "string");
                writer.WriteString("pattern", $@"^([0-9]{{1,9}}(ms|s|m|h|d)( x(\*|[0-9]{{1,3}}))?|controller|{FromEnvironment})$");
                writer.WriteEndObject();
                break;
            default:
                Scalar(shape.Type, key, nullable);
                break;
        }
    }

    /// <summary>Writes a list of texts.</summary>
    public void Texts(string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private void Reference(string name, bool nullable)
    {
        if (!nullable)
        {
            writer.WriteString("$ref", $"#/$defs/{name}");
            return;
        }

        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        writer.WriteString("$ref", $"#/$defs/{name}");
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "null");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void Names(Shape shape, OptionKey key)
    {
        if (!shape.NameType!.IsEnum && key.NameForm is null)
        {
            return;
        }

        writer.WriteStartObject("propertyNames");
        if (shape.NameType.IsEnum)
        {
            Texts("enum", Spelling.All(shape.NameType));
        }
        else if (key.NameForm is KeyForm.Domain)
        {
            writer.WriteString("pattern", @"^(\*|[^\s/@:]+)$");
        }
        else
        {
            const string Name = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
            writer.WriteString("pattern", key.NameForm is KeyForm.NamePath ? $"^{Name}(/{Name})*$" : $"^{Name}$");
        }

        writer.WriteEndObject();
    }

    private void Scalar(Type type, OptionKey key, bool nullable)
    {
        switch (type)
        {
            case { IsEnum: true }:
                Choices(type, nullable);
                break;
            case not null when type == typeof(bool):
                Type("boolean", nullable);
                break;
            case not null when type == typeof(int) || type == typeof(double):
                Type(type == typeof(int) ? "integer" : "number", nullable);
                Bounds(key, "minimum", "maximum");
                break;
            default:
                Text(type!, key, nullable);
                break;
        }
    }

    private void Text(Type type, OptionKey key, bool nullable)
    {
        var pattern = type switch
        {
            _ when type == typeof(TimeSpan) => "[0-9]{1,9}(ms|s|m|h|d)",
            _ when type == typeof(ByteSize) => "[0-9]{1,15}(B|KiB|MiB|GiB|TiB)?",
            _ when type == typeof(Rate) => @"[0-9]+(\.[0-9]+)?/[smhd]( burst [0-9]+)?",
            _ when key.Form is TextForm.PasswordHash => @"\$pbkdf2-sha256\$[0-9]+\$[A-Za-z0-9./]+\$[A-Za-z0-9./]+",
            _ => null,
        };
        if (key.Texts is { } texts && type == typeof(string))
        {
            Texts("enum", texts);
            return;
        }

        if (type == typeof(ByteSize))
        {
            Texts("type", ["string", "integer"]);
        }
        else
        {
            Type("string", nullable);
        }

        if (pattern is not null)
        {
            writer.WriteString("pattern", $"^({pattern}|{FromEnvironment})$");
            Bounds(key, "x-minimum", "x-maximum");
        }
        else if (key.Form is not TextForm.Free)
        {
            writer.WriteString("x-form", Spelling.Of(key.Form));
        }
    }

    private void Bounds(OptionKey key, string low, string high)
    {
        if (key.Between is not { } between)
        {
            return;
        }

        if (low.StartsWith('x'))
        {
            writer.WriteString(low, between.Low);
            writer.WriteString(high, between.High);
        }
        else
        {
            writer.WriteNumber(low, double.Parse(between.Low, CultureInfo.InvariantCulture));
            writer.WriteNumber(high, double.Parse(between.High, CultureInfo.InvariantCulture));
        }
    }

    private void Choices(Type type, bool nullable)
    {
        var texts = Spelling.All(type);
        writer.WriteStartArray("enum");
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        if (nullable)
        {
            writer.WriteNullValue();
        }

        writer.WriteEndArray();
        var notes = Spelling.Fields(type).Select(docs.Of).ToList();
        if (notes.Exists(note => note is not null))
        {
            Texts("enumDescriptions", notes.Select(note => note ?? string.Empty));
        }
    }

    private void Type(string name, bool nullable)
    {
        if (nullable)
        {
            Texts("type", [name, "null"]);
        }
        else
        {
            writer.WriteString("type", name);
        }
    }
}
