using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Engine.Configuration;

/// <summary>The file <c>state/overrides</c>: one JSON object a line, in the order they were set.</summary>
internal sealed class OverrideFile(string path)
{
    private const byte LineEnd = (byte)'\n';

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What the file holds; nothing when there is none yet.</summary>
    /// <exception cref="OverridesDamagedException">The file cannot be read or holds what is no override.</exception>
    public IReadOnlyList<Override> Read()
    {
        try
        {
            return [.. Lines().Select((line, index) => Parse(line, index + 1))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OverridesDamagedException($"{path}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Replaces the file; on stable storage when this returns.</summary>
    public void Write(IEnumerable<Override> overrides)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var item in overrides)
        {
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(item, Format));
            buffer.Write([LineEnd]);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        DurableFile.Replace(path, buffer.WrittenSpan);
    }

    private string[] Lines()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var text = File.ReadAllText(path, Encoding.UTF8);
        return text.EndsWith('\n') || text.Length == 0
            ? text.Split('\n')[..^1]
            : throw new OverridesDamagedException($"{path}: is cut off in its last line");
    }

    private Override Parse(string line, int number)
    {
        try
        {
            var item = JsonSerializer.Deserialize<Override>(line, Format);
            return item is not null && OverrideKey.Takes(item.Key, item.Value)
                ? item
                : throw new OverridesDamagedException($"{path}:{number}: '{item?.Key}' = '{item?.Value}' is none that this version knows");
        }
        catch (JsonException fault)
        {
            throw new OverridesDamagedException($"{path}:{number}: is no override: {fault.Message}", fault);
        }
    }
}
