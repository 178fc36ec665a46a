using System.Buffers;
using System.Text;
using System.Text.Json;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Schema;

/// <summary>
/// Writes <c>engine.schema.json</c> (JSON Schema 2020-12) from the options records: what an editor shows and checks while engine.json is
/// written. Durations, sizes and rates are texts, so their bounds stand as <c>x-minimum</c> and <c>x-maximum</c>;
/// <c>x-needsRestart</c> marks keys a reload cannot take.
/// </summary>
internal sealed class SchemaWriter
{
    private readonly Utf8JsonWriter _writer;
    private readonly DocComments _docs;
    private readonly ValueSchema _values;

    private SchemaWriter(Utf8JsonWriter writer, DocComments docs) => (_writer, _docs, _values) = (writer, docs, new ValueSchema(writer, docs));

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
        while (_values.Records.FirstOrDefault(record => !written.Contains(record.Key)) is { Key: { } name, Value: { } shape })
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
            _values.Texts("required", shape.Keys.Where(key => key.Required).Select(key => key.Name));
        }

        _writer.WriteBoolean("additionalProperties", false);
    }

    private void Key(OptionKey key, object? preset)
    {
        // A record of its own says what it is; a key of many says what it holds.
        var subject = key.Shape.Kind is ShapeKind.Record or ShapeKind.Scalar ? key.Shape.Type : key.Shape.Item?.Type;
        Describe(_docs.Of(key.Property) ?? (subject is null ? null : _docs.Of(subject)));
        _values.Value(key.Shape, key, key.Nullable);
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
}
