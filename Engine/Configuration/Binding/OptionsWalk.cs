using System.Collections;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Binding;

/// <summary>Visits every key of a configuration.</summary>
internal static class OptionsWalk
{
    /// <summary>
    /// Every key that holds a value of its own: a scalar, a schedule, or a list or map of scalars as a whole. What is not set is left out.
    /// </summary>
    public static IEnumerable<OptionLeaf> Leaves(EngineOptions options) => Leaves(Shape.Root, options, JsonPath.Root);

    /// <summary>Names, as written in engine.json, and values of a map.</summary>
    public static IEnumerable<(string Name, object Item)> Entries(IEnumerable map)
    {
        foreach (DictionaryEntry entry in (IDictionary)map)
        {
            yield return (ScalarText.Write(entry.Key), entry.Value!);
        }
    }

    private static IEnumerable<OptionLeaf> Leaves(Shape shape, object record, JsonPath path)
    {
        foreach (var key in shape.Keys)
        {
            if (key.Property.GetValue(record) is not { } value)
            {
                continue;
            }

            var children = (key.Shape.Kind, key.Shape.Item?.Kind) switch
            {
                (ShapeKind.Record, _) => [(path[key.Name], value)],
                (ShapeKind.Map, ShapeKind.Record) => Entries((IEnumerable)value).Select(entry => (path[key.Name][entry.Name], entry.Item)),
                (ShapeKind.List, ShapeKind.Record) => ((IEnumerable)value).Cast<object>().Select((item, index) => (path[key.Name][index], item)),
                _ => Enumerable.Empty<(JsonPath Path, object Record)>(),
            };
            var shapeOfChild = key.Shape.Kind is ShapeKind.Record ? key.Shape : key.Shape.Item;
            if (shapeOfChild?.Kind is not ShapeKind.Record)
            {
                yield return new OptionLeaf(path[key.Name], key, value);
                continue;
            }

            foreach (var leaf in children.SelectMany(child => Leaves(shapeOfChild, child.Item2, child.Item1)))
            {
                yield return leaf;
            }
        }
    }
}
