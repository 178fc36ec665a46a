using System.Collections.Immutable;
using System.Reflection;

namespace Engine.Configuration.Shapes;

/// <summary>The options records as data, read by reflection: what reader, binder, schema, diff and effective view go by.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="Type">The .NET type; of the items where it is a list or map.</param>
/// <param name="Item">Shape of an item of a list or map.</param>
/// <param name="NameType">Type of the names of a map: text or an enum.</param>
/// <param name="Keys">Keys of a record, in order of declaration.</param>
internal sealed record Shape(ShapeKind Kind, Type Type, Shape? Item, Type? NameType, ImmutableArray<OptionKey> Keys)
{
    private static readonly ImmutableArray<Type> Scalars =
        [typeof(string), typeof(bool), typeof(int), typeof(double), typeof(TimeSpan), typeof(ByteSize), typeof(Rate)];

    /// <summary>The whole of engine.json. Immutable. (Below <see cref="Scalars"/>: statics are set in this order.)</summary>
    public static Shape Root { get; } = Of(typeof(EngineOptions));

    public static Shape Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum || Scalars.Contains(type))
        {
            return new Shape(ShapeKind.Scalar, type, null, null, []);
        }

        if (type == typeof(RetrySchedule))
        {
            return new Shape(ShapeKind.Schedule, type, null, null, []);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GetGenericArguments()[0];
            return new Shape(ShapeKind.List, item, Of(item), null, []);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            var (name, item) = (type.GetGenericArguments()[0], type.GetGenericArguments()[1]);
            return new Shape(ShapeKind.Map, item, Of(item), name, []);
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);
        return new Shape(ShapeKind.Record, type, null, null, [.. properties.Select(OptionKey.Of)]);
    }

    /// <summary>The key so written; null when the record has none.</summary>
    public OptionKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}
