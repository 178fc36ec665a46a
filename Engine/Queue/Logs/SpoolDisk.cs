namespace Engine.Queue.Logs;

/// <summary>The directory of a shard: <c>generation-N/</c> for the logs, <c>index.N</c> for the snapshots.</summary>
/// <param name="directory">Made when absent.</param>
/// <param name="durable">As for <see cref="LogDisk"/>.</param>
/// <param name="reserve">Given up when the disk is full; null for none.</param>
internal sealed class SpoolDisk(string directory, bool durable, DiskReserve? reserve = null) : ISpoolDisk
{
    private const string Prefix = "index.";
    private const string Unfinished = ".new";

    private readonly string _directory = Path.GetFullPath(directory);
    private readonly ILogDisk?[] _logs = new ILogDisk[Generations.Count];

    public DiskReserve? Reserve => reserve;

    public ILogDisk Log(int generation) =>
        _logs[generation] ??= new LogDisk(NumberedFiles.Name(_directory, "generation-", generation), durable, generation == 0 ? reserve : null);

    public IReadOnlyList<int> Snapshots() => NumberedFiles.In(_directory, Prefix);

    public string NameOfSnapshot(int number) => NumberedFiles.Name(_directory, Prefix, number);

    public Stream OpenSnapshot(int number) =>
        new FileStream(NameOfSnapshot(number), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan);

    public void WriteSnapshot(int number, Action<Stream> write)
    {
        var path = NameOfSnapshot(number);
        try
        {
            using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1))
            {
                write(file);
                file.Flush(flushToDisk: durable);
            }

            File.Move(path + Unfinished, path, overwrite: true);
            if (durable)
            {
                NativeFile.FlushDirectory(_directory);
            }
        }
        catch
        {
            File.Delete(path + Unfinished);
            throw;
        }
    }

    public void RemoveSnapshot(int number) => File.Delete(NameOfSnapshot(number));

    public void Dispose()
    {
        foreach (var log in _logs)
        {
            log?.Dispose();
        }
    }
}
