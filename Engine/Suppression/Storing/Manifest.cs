using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>
/// Which files are the list: the runs, newest first, and the first journal that is not in them. A small text, replaced as a whole; what it does not name is left over from a crash and deleted.
/// </summary>
/// <param name="Key">Id of the key that everything was written with.</param>
/// <param name="Runs">Numbers of the runs, newest first.</param>
/// <param name="Journal">Number of the first journal to replay; later ones follow it.</param>
/// <param name="Entries">Entries that the runs hold; about, for those expired are counted until a merge drops them.</param>
internal sealed record Manifest(ulong Key, IReadOnlyList<long> Runs, long Journal, long Entries)
{
    public const string FileName = "manifest";

    private const string Heading = "engine suppression 1";

    /// <summary>Null when there is none.</summary>
    /// <exception cref="SuppressionDamagedException">It is there and cannot be read.</exception>
    public static Manifest? Read(string directory)
    {
        var path = Path.Join(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path);
        var end = text.LastIndexOf("end ", StringComparison.Ordinal);
        if (end < 0 || text[end..].TrimEnd() != $"end {Checksum(text[..end]):x8}")
        {
            throw new SuppressionDamagedException(path, "its checksum is wrong");
        }

        try
        {
            return Parsed(text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (FormatException fault)
        {
            throw new SuppressionDamagedException(path, $"is of another version: {fault.Message}", fault);
        }
    }

    /// <summary>Stable when this returns.</summary>
    public void Write(string directory)
    {
        var text = new StringBuilder().Append(Heading).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"key {Key:x16}\njournal {Journal}\nentries {Entries}\n");
        foreach (var run in Runs)
        {
            text.Append(CultureInfo.InvariantCulture, $"run {run}\n");
        }

        var checksum = Checksum(text.ToString());
        text.Append(CultureInfo.InvariantCulture, $"end {checksum:x8}\n");
        DurableFile.Replace(Path.Join(directory, FileName), Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static Manifest Parsed(string[] lines)
    {
        if (lines[0] != Heading)
        {
            throw new FormatException(lines[0]);
        }

        var manifest = new Manifest(0, [], 0, 0);
        var runs = new List<long>();
        foreach (var words in lines.Skip(1).Select(line => line.Split(' ')))
        {
            manifest = words switch
            {
                ["key", var id] => manifest with { Key = ulong.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture) },
                ["journal", var number] => manifest with { Journal = long.Parse(number, CultureInfo.InvariantCulture) },
                ["entries", var count] => manifest with { Entries = long.Parse(count, CultureInfo.InvariantCulture) },
                ["run", var number] => Added(manifest, runs, long.Parse(number, CultureInfo.InvariantCulture)),
                _ => throw new FormatException(string.Join(' ', words)),
            };
        }

        return manifest with { Runs = runs };
    }

    private static Manifest Added(Manifest manifest, List<long> runs, long run)
    {
        runs.Add(run);
        return manifest;
    }

    private static uint Checksum(string text) => Crc32C.Of(Encoding.ASCII.GetBytes(text));
}
