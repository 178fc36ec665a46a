using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Engine.Configuration.Reading;

/// <summary>Reads one file of JSON with comments and trailing commas into a tree that knows its lines.</summary>
/// <param name="file">Name for findings.</param>
/// <param name="utf8">The octets; a byte order mark is skipped.</param>
/// <param name="environment">Fills <c>${NAME}</c> in texts.</param>
/// <param name="report">
/// Takes what is wrong: broken JSON (once, for nothing behind it can be trusted), keys that stand twice, missing variables.
/// </param>
internal sealed class SettingReader(string file, ReadOnlyMemory<byte> utf8, EnvironmentText environment, Report report)
{
    private readonly ReadOnlyMemory<byte> _utf8 = utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
    private int _line = 1;
    private int _counted;

    /// <summary>The tree; null when the file is not JSON.</summary>
    public Setting? Read()
    {
        if (!Utf8.IsValid(_utf8.Span))
        {
            report.Add(JsonPath.Root, file, LineOfBadOctet(), "is not UTF-8");
            return null;
        }

        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        var reader = new Utf8JsonReader(_utf8.Span, options);
        try
        {
            reader.Read();
            var root = Value(ref reader, JsonPath.Root);

            // Throws where something follows the value.
            reader.Read();
            return root;
        }
        catch (JsonException fault)
        {
            report.Add(JsonPath.Root, file, (int)(fault.LineNumber ?? 0) + 1, $"is not JSON: {Sentence(fault.Message)}");
            return null;
        }
    }

    private Setting Value(ref Utf8JsonReader reader, JsonPath path)
    {
        var line = LineAt(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new Setting(SettingKind.Object, path, file, line) { Members = Members(ref reader, path) },
            JsonTokenType.StartArray => new Setting(SettingKind.List, path, file, line) { Items = Items(ref reader, path) },
            JsonTokenType.String => TextOf(ref reader, path, line),
            JsonTokenType.Number => new Setting(SettingKind.Number, path, file, line) { Text = Encoding.ASCII.GetString(reader.ValueSpan) },
            JsonTokenType.True => new Setting(SettingKind.Boolean, path, file, line) { Text = "true" },
            JsonTokenType.False => new Setting(SettingKind.Boolean, path, file, line) { Text = "false" },
            _ => new Setting(SettingKind.Null, path, file, line),
        };
    }

    private ImmutableArray<SettingMember> Members(ref Utf8JsonReader reader, JsonPath path)
    {
        var members = ImmutableArray.CreateBuilder<SettingMember>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
        {
            var line = LineAt(reader.TokenStartIndex);
            var name = StringAt(ref reader, path, line);
            reader.Read();
            var value = Value(ref reader, path[name]);
            if (lines.TryAdd(name, line))
            {
                members.Add(new SettingMember(name, line, value));
            }
            else
            {
                report.Add(path[name], file, line, $"the key '{name}' stands twice in this object, first on line {lines[name]}");
            }
        }

        return members.DrainToImmutable();
    }

    private ImmutableArray<Setting> Items(ref Utf8JsonReader reader, JsonPath path)
    {
        var items = ImmutableArray.CreateBuilder<Setting>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader, path[items.Count]));
        }

        return items.DrainToImmutable();
    }

    private Setting TextOf(ref Utf8JsonReader reader, JsonPath path, int line)
    {
        var written = StringAt(ref reader, path, line);
        var text = environment.Expand(written, out var fault);
        if (fault is not null)
        {
            report.Add(path, file, line, fault);
        }

        return new Setting(SettingKind.Text, path, file, line) { Text = text, Written = text == written ? null : written, Unset = fault is not null };
    }

    // Half of a surrogate pair, as in "\ud800", is JSON but no text.
    private string StringAt(ref Utf8JsonReader reader, JsonPath path, int line)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            report.Add(path, file, line, "holds an escape that is no character");
            return string.Empty;
        }
    }

    // Tokens come in order, so each octet is looked at once.
    private int LineAt(long offset)
    {
        _line += _utf8.Span[_counted..(int)offset].Count((byte)'\n');
        _counted = (int)offset;
        return _line;
    }

    private int LineOfBadOctet()
    {
        _ = Utf8.ToUtf16(_utf8.Span, new char[_utf8.Length], out var good, out _, replaceInvalidSequences: false);
        return LineAt(good);
    }

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
