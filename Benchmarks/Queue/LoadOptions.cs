using System.Globalization;
using Engine.Configuration;

namespace Benchmarks.Queue;

/// <summary>Arguments of the load program: <c>--writers 1,64,256 --size 10240 --seconds 3 --dir DIR --memory-mib 256 --durability disk --deliver yes</c>.</summary>
internal sealed record LoadOptions(
    int[] Writers, int[] Sizes, TimeSpan Time, string Directory, ByteSize Memory, Durability Durability, bool Deliver)
{
    public static LoadOptions Parse(string[] args) => new(
        Numbers(Value(args, "--writers") ?? "1,64,256"),
        Numbers(Value(args, "--size") ?? "10240"),
        TimeSpan.FromSeconds(double.Parse(Value(args, "--seconds") ?? "3", CultureInfo.InvariantCulture)),
        Value(args, "--dir") ?? Path.GetTempPath(),
        ByteSize.MiB(int.Parse(Value(args, "--memory-mib") ?? "256", CultureInfo.InvariantCulture)),
        Value(args, "--durability") == "memory" ? Durability.Memory : Durability.Disk,
        Value(args, "--deliver") == "yes");

    public static string? Value(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static int[] Numbers(string text) => [.. text.Split(',').Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
}
