using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Engine.Configuration.Shapes;

/// <summary>How names of the code are written in engine.json.</summary>
internal static class Spelling
{
    // Read once for each enum: provider data holds thousands of them.
    private static readonly ConditionalWeakTable<Type, FrozenDictionary<string, object>> Members = [];

    /// <summary><c>MaxDisk</c> is the key <c>maxDisk</c>.</summary>
    public static string Key(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Of(typeof(TEnum), value);

    public static string Of(Type type, object value)
    {
        var name = Enum.GetName(type, value) ?? throw new ArgumentOutOfRangeException(nameof(value), value, $"no member of {type.Name}");
        return Written(type.GetField(name)!);
    }

    /// <summary>All members, in order of declaration.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Fields(type).Select(Written)];

    public static bool TryParse<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
    {
        var parsed = Parse(typeof(TEnum), text);
        value = parsed is null ? default : (TEnum)parsed;
        return parsed is not null;
    }

    /// <summary>The member so written; null when there is none.</summary>
    public static object? Parse(Type type, string text) => Members.GetValue(type, Read).GetValueOrDefault(text);

    public static IEnumerable<FieldInfo> Fields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    private static FrozenDictionary<string, object> Read(Type type) => Fields(type).ToFrozenDictionary(Written, static field => field.GetValue(null)!, StringComparer.Ordinal);

    private static string Written(FieldInfo field) => field.GetCustomAttribute<SpelledAttribute>()?.Text ?? Key(field.Name);
}
