using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Schema;

/// <summary>
/// Writes <c>engine.schema.json</c> (JSON Schema 2020-12) from the options records: what an editor shows and checks while engine.json is
/// written. Durations, sizes and rates are texts, so their bounds stand as <c>x-minimum</c> and <c>x-maximum</c>; <c>x-needsRestart</c> marks keys a reload cannot take.
/// </summary>
internal sealed class SchemaWriter
{
    // A text that the environment fills may be anything.
    private const string FromEnvironment = @".*\$\{[A-Za-z_][A-Za-z0-9_]*\}.*";

    private readonly Utf8JsonWriter _writer;
    private readonly DocComments _docs;
    private readonly SortedDictionary<string, Shape> _records = new(StringComparer.Ordinal);

    private SchemaWriter(Utf8JsonWriter writer, DocComments docs) => (_writer, _docs) = (writer, docs);

    /// <summary>The schema, indented, with a line end.</summary>
    public static string Write(DocComments docs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, OptionsJson.Readable))
        {
            new SchemaWriter(writer, docs).Whole();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private void Whole()
    {
        _writer.WriteStartObject();
        _writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        _writer.WriteString("title", "engine.json");
        Record(Shape.Root, isRoot: true);
        _writer.WriteStartObject("$defs");

        // Records name further ones while they are written.
        var written = new HashSet<string>(StringComparer.Ordinal);
        while (_records.FirstOrDefault(record => !written.Contains(record.Key)) is { Key: { } name, Value: { } shape })
        {
            written.Add(name);
            _writer.WriteStartObject(name);
            Record(shape, isRoot: false);
            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    private void Record(Shape shape, bool isRoot)
    {
        Describe(_docs.Of(shape.Type));
        _writer.WriteString("type", "object");
        _writer.WriteStartObject("properties");
        if (isRoot)
        {
            _writer.WriteStartObject("$schema");
            _writer.WriteString("type", "string");
            _writer.WriteEndObject();
        }

        var defaults = Activator.CreateInstance(shape.Type)!;
        foreach (var key in shape.Keys)
        {
            _writer.WriteStartObject(key.Name);
            Key(key, key.Property.GetValue(defaults));
            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
        if (shape.Keys.Any(key => key.Required))
        {
            Texts("required", shape.Keys.Where(key => key.Required).Select(key => key.Name));
        }

        _writer.WriteBoolean("additionalProperties", false);
    }

    private void Key(OptionKey key, object? preset)
    {
        // A record of its own says what it is; a key of many says what it holds.
        var subject = key.Shape.Kind is ShapeKind.Record or ShapeKind.Scalar ? key.Shape.Type : key.Shape.Item?.Type;
        Describe(_docs.Of(key.Property) ?? (subject is null ? null : _docs.Of(subject)));
        Value(key.Shape, key, key.Nullable);
        if (key.NotEmpty)
        {
            _writer.WriteNumber(key.Shape.Kind switch { ShapeKind.List => "minItems", ShapeKind.Map => "minProperties", _ => "minLength" }, 1);
        }

        if (preset is not null && !key.Required && key.Shape.Kind is not ShapeKind.Record)
        {
            _writer.WritePropertyName("default");
            new OptionsJson(_writer).Value(key.Shape, preset, JsonPath.Root);
        }

        if (key.NeedsRestart)
        {
            _writer.WriteBoolean("x-needsRestart", true);
        }
    }

    private void Describe(string? text)
    {
        if (text is not null)
        {
            _writer.WriteString("description", text);
        }
    }

    private void Value(Shape shape, OptionKey key, bool nullable)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Record:
                var name = shape.Type.Name.Replace("Options", string.Empty, StringComparison.Ordinal);
                name = Spelling.Key(name);
                _records.TryAdd(name, shape);
                Reference(name, nullable);
                break;
            case ShapeKind.List:
                Type("array", nullable);
                _writer.WriteStartObject("items");
                Value(shape.Item!, key, nullable: false);
                _writer.WriteEndObject();
                break;
            case ShapeKind.Map:
                Type("object", nullable);
                Names(shape, key);
                _writer.WriteStartObject("additionalProperties");
                Value(shape.Item!, key, nullable: false);
                _writer.WriteEndObject();
                break;
            case ShapeKind.Schedule:
                Type("array", nullable);
                _writer.WriteNumber("minItems", 1);
                _writer.WriteStartObject("items");
                _writer.WriteString("type", "string");
                _writer.WriteString("pattern", $@"^([0-9]{{1,9}}(ms|s|m|h|d)( x(\*|[0-9]{{1,3}}))?|{FromEnvironment})$");
                _writer.WriteEndObject();
                break;
            default:
                Scalar(shape.Type, key, nullable);
                break;
        }
    }

    private void Reference(string name, bool nullable)
    {
        if (!nullable)
        {
            _writer.WriteString("$ref", $"#/$defs/{name}");
            return;
        }

        _writer.WriteStartArray("anyOf");
        _writer.WriteStartObject();
        _writer.WriteString("$ref", $"#/$defs/{name}");
        _writer.WriteEndObject();
        _writer.WriteStartObject();
        _writer.WriteString("type", "null");
        _writer.WriteEndObject();
        _writer.WriteEndArray();
    }

    private void Names(Shape shape, OptionKey key)
    {
        if (!shape.NameType!.IsEnum && key.NameForm is null)
        {
            return;
        }

        _writer.WriteStartObject("propertyNames");
        if (shape.NameType.IsEnum)
        {
            Texts("enum", Spelling.All(shape.NameType));
        }
        else if (key.NameForm is KeyForm.Domain)
        {
            _writer.WriteString("pattern", @"^(\*|[^\s/@:]+)$");
        }
        else
        {
            const string Name = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
            _writer.WriteString("pattern", key.NameForm is KeyForm.NamePath ? $"^{Name}(/{Name})*$" : $"^{Name}$");
        }

        _writer.WriteEndObject();
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
            _writer.WriteString("pattern", $"^({pattern}|{FromEnvironment})$");
            Bounds(key, "x-minimum", "x-maximum");
        }
        else if (key.Form is not TextForm.Free)
        {
            _writer.WriteString("x-form", Spelling.Of(key.Form));
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
            _writer.WriteString(low, between.Low);
            _writer.WriteString(high, between.High);
        }
        else
        {
            _writer.WriteNumber(low, double.Parse(between.Low, CultureInfo.InvariantCulture));
            _writer.WriteNumber(high, double.Parse(between.High, CultureInfo.InvariantCulture));
        }
    }

    private void Choices(Type type, bool nullable)
    {
        var texts = Spelling.All(type);
        _writer.WriteStartArray("enum");
        foreach (var text in texts)
        {
            _writer.WriteStringValue(text);
        }

        if (nullable)
        {
            _writer.WriteNullValue();
        }

        _writer.WriteEndArray();
        var docs = Spelling.Fields(type).Select(_docs.Of).ToList();
        if (docs.Exists(doc => doc is not null))
        {
            Texts("enumDescriptions", docs.Select(doc => doc ?? string.Empty));
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
            _writer.WriteString("type", name);
        }
    }

    private void Texts(string name, IEnumerable<string> texts)
    {
        _writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            _writer.WriteStringValue(text);
        }

        _writer.WriteEndArray();
    }
}
