using System.Globalization;

namespace Engine.Tests.Failures.Crash;

/// <summary>A file of the lab's disk.</summary>
/// <param name="Generation">Whose log; −1 for a snapshot of the index.</param>
/// <param name="Number">Of the segment or snapshot; −1 for the commit marks.</param>
internal readonly record struct LabFile(int Generation, int Number)
{
    private const string Root = "/lab";

    public static LabFile Marks(int generation) => new(generation, -1);

    public static LabFile Snapshot(int number) => new(-1, number);

    public bool IsSnapshot => Generation < 0;

    public bool IsSegment => Generation >= 0 && Number >= 0;

    public string Path => (Generation, Number) switch
    {
        ( < 0, _) => string.Create(CultureInfo.InvariantCulture, $"{Root}/index.{Number}"),
        (_, < 0) => string.Create(CultureInfo.InvariantCulture, $"{Root}/generation-{Generation}/commits"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Root}/generation-{Generation}/log.{Number}"),
    };

    public override string ToString() => Path;
}
