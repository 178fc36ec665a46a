namespace Engine.Observability;

/// <summary>Names and places of the event log's files: one of each kind for an hour.</summary>
/// <param name="directory">Where they stand.</param>
internal sealed class EventFiles(string directory)
{
    private const string Prefix = "events-";

    public string Directory { get; } = directory;

    /// <summary>JSON lines, as they are written.</summary>
    public string Lines(EventHour hour) => Path.Join(Directory, $"{Prefix}{hour}.jsonl");

    /// <summary>The same, compressed: gzip members of about 256 KiB each, so that <c>zcat</c> reads it whole and we read it in parts.</summary>
    public string Archive(EventHour hour) => Path.Join(Directory, $"{Prefix}{hour}.jsonl.gz");

    public string Index(EventHour hour) => Path.Join(Directory, $"{Prefix}{hour}.idx");

    /// <summary>The hours of which there is a file, oldest first.</summary>
    public IReadOnlyList<EventHour> Hours() => HoursOf(".jsonl", ".jsonl.gz");

    /// <summary>The hours not compressed, oldest first.</summary>
    public IReadOnlyList<EventHour> OpenHours() => HoursOf(".jsonl");

    /// <summary>Octets on disk of an hour's files.</summary>
    public long SizeOf(EventHour hour) => Size(Lines(hour)) + Size(Archive(hour)) + Size(Index(hour));

    public void Remove(EventHour hour)
    {
        File.Delete(Index(hour));
        File.Delete(Archive(hour));
        File.Delete(Lines(hour));
    }

    /// <summary>Files of a compression that did not come to its end.</summary>
    public void RemoveUnfinished()
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(Directory, $"{Prefix}*.tmp"))
        {
            File.Delete(file);
        }
    }

    private static long Size(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private IReadOnlyList<EventHour> HoursOf(params ReadOnlySpan<string> endings)
    {
        var hours = new SortedSet<EventHour>();
        if (!System.IO.Directory.Exists(Directory))
        {
            return [];
        }

        foreach (var path in System.IO.Directory.EnumerateFiles(Directory, $"{Prefix}*"))
        {
            var name = Path.GetFileName(path.AsSpan())[Prefix.Length..];
            var dot = name.IndexOf('.');
            if (dot > 0 && endings.Contains(name[dot..].ToString()) && EventHour.TryParse(name[..dot], out var hour))
            {
                hours.Add(hour);
            }
        }

        return [.. hours];
    }
}
