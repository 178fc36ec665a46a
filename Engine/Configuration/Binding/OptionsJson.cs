using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Binding;

/// <summary>Writes options as JSON, in the spelling they are read in.</summary>
/// <param name="writer">Where to; the caller's.</param>
/// <param name="maskSecrets">Whether secrets are written as <c>***</c>.</param>
/// <param name="mark">Called inside every object, after its last key, with its path: may add keys.</param>
internal sealed class OptionsJson(Utf8JsonWriter writer, bool maskSecrets = true, Action<JsonPath>? mark = null)
{
    public const string Mask = "***";

    /// <summary>Two blanks, LF, and no more escapes than JSON needs: for people.</summary>
    public static JsonWriterOptions Readable { get; } = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One value on one line.</summary>
    public static string Line(Shape shape, object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable with { Indented = false }))
        {
            new OptionsJson(writer, maskSecrets: false).Value(shape, value, JsonPath.Root);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a value of the shape.</summary>
    public void Value(Shape shape, object value, JsonPath path)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Record:
                Record(shape, value, path);
                break;
            case ShapeKind.List:
                List(shape, (IEnumerable)value, path);
                break;
            case ShapeKind.Map:
                Map(shape, (IEnumerable)value, path);
                break;
            case ShapeKind.Schedule:
                Schedule((RetrySchedule)value);
                break;
            default:
                Scalar(value);
                break;
        }
    }

    private void Record(Shape shape, object record, JsonPath path)
    {
        writer.WriteStartObject();
        foreach (var key in shape.Keys)
        {
            writer.WritePropertyName(key.Name);
            switch (key.Property.GetValue(record))
            {
                case null:
                    writer.WriteNullValue();
                    break;
                case string { Length: > 0 } when key.Secret && maskSecrets:
                    writer.WriteStringValue(Mask);
                    break;
                case var value:
                    Value(key.Shape, value, path[key.Name]);
                    break;
            }
        }

        mark?.Invoke(path);
        writer.WriteEndObject();
    }

    private void List(Shape shape, IEnumerable items, JsonPath path)
    {
        var index = 0;
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Value(shape.Item!, item, path[index++]);
        }

        writer.WriteEndArray();
    }

    private void Map(Shape shape, IEnumerable map, JsonPath path)
    {
        writer.WriteStartObject();
        foreach (var (name, item) in OptionsWalk.Entries(map))
        {
            writer.WritePropertyName(name);
            Value(shape.Item!, item, path[name]);
        }

        mark?.Invoke(path);
        writer.WriteEndObject();
    }

    private void Schedule(RetrySchedule schedule)
    {
        writer.WriteStartArray();
        if (schedule.IsController)
        {
            writer.WriteStringValue("controller");
        }

        for (var index = 0; index < schedule.Delays.Count; index++)
        {
            var last = index == schedule.Delays.Count - 1;
            writer.WriteStringValue(ScalarText.Write(schedule.Delays[index]) + (last && schedule.Endless ? " x*" : string.Empty));
        }

        writer.WriteEndArray();
    }

    private void Scalar(object value)
    {
        if (value is bool or int or double)
        {
            writer.WriteRawValue(ScalarText.Write(value));
        }
        else
        {
            writer.WriteStringValue(ScalarText.Write(value));
        }
    }
}
