using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Engine.Queue.Logs;

/// <summary>Files and directories named by a prefix and a number: <c>log.7</c>, <c>index.3</c>, <c>generation-1</c>.</summary>
internal static class NumberedFiles
{
    public static string Name(string directory, string prefix, int number) =>
        Path.Join(directory, prefix + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The numbers there are, ascending; none in a directory that is absent. What has anything but a number behind the prefix is left out.</summary>
    public static IReadOnlyList<int> In(string directory, string prefix)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var numbers = new List<int>();
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, prefix + "*"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan())[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>Reads as much as there is, up to the target's length.</summary>
    public static int ReadAll(SafeFileHandle file, long offset, Span<byte> target)
    {
        var read = 0;
        while (read < target.Length && RandomAccess.Read(file, target[read..], offset + read) is var count and > 0)
        {
            read += count;
        }

        return read;
    }
}
