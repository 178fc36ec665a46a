using Engine.Configuration.Shapes;

namespace Engine.Configuration.Reading;

/// <summary>
/// Makes one tree of engine.json and the files it includes. Sections are joined key by key and maps name by name; a key, or an object the
/// operator named (<c>accounts.acme</c>), that comes from two files is a finding that names both places.
/// </summary>
internal sealed class SettingMerger(Report report)
{
    public Setting Merge(Setting first, Setting second) => Merge(Shape.Root, first, second);

    private Setting Merge(Shape shape, Setting first, Setting second)
    {
        var members = first.Members.ToBuilder();
        foreach (var member in second.Members.Where(member => !IsOfTheFileItself(member)))
        {
            if (first.Find(member.Name) is not { } other)
            {
                members.Add(member);
            }
            else if (Section(shape, member.Name) is { } section && IsObject(other.Value) && IsObject(member.Value))
            {
                members[members.IndexOf(other)] = other with { Value = Merge(section, other.Value, member.Value) };
            }
            else
            {
                report.Add(member.Value.Path, member.Value.File, member.Line,
                    $"'{member.Name}' stands in {other.Value.File}:{other.Line} already; a key may come from one file only");
            }
        }

        return first with { Members = members.DrainToImmutable() };
    }

    // Below a map every object has one home, so only the map itself is a section.
    private static Shape? Section(Shape shape, string name) =>
        shape.Kind is ShapeKind.Record && shape.Find(name)?.Shape is { Kind: ShapeKind.Record or ShapeKind.Map } section ? section : null;

    private static bool IsObject(Setting setting) => setting.Kind is SettingKind.Object;

    private static bool IsOfTheFileItself(SettingMember member) => member is { Name: "$schema", Value.Path.Steps.Count: 1 };
}
