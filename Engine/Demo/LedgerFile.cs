using System.Text;

namespace Engine.Demo;

/// <summary>A ledger on disk: one line an event, with the operating system before the event counts. It outlives a kill of its own process.</summary>
/// <remarks>Thread-safe. Several ledgers may each have a file, to be read back together.</remarks>
internal sealed class LedgerFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    public LedgerFile(string path)
    {
        // Buffer size 0: every Write is a system call.
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    public void Append(in LedgerEntry entry)
    {
        var line = Encoding.UTF8.GetBytes(entry.ToLine());
        lock (_lock)
        {
            _file.Write(line);
        }
    }

    /// <summary>Reads the events of one file, in order; a line cut off at the end is passed over.</summary>
    public static IEnumerable<LedgerEntry> Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (LedgerEntry.TryParse(line, out var entry))
            {
                yield return entry;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
