using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Routing;

namespace Engine.Delivery;

/// <summary>
/// Keeps the relays' quota counts over restarts: a line for each relay, <c>NAME WINDOW TAKEN</c>, written every 10 s when something changed and at the end.
/// A crash forgets at most the last 10 s; a file that is missing or cannot be read counts nothing, and the log of the relay itself has the truth.
/// </summary>
internal sealed class RelayCountsFile : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RelayLedger _ledger;
    private readonly string _path;
    private readonly ITimer _timer;
    private string _written;

    /// <param name="ledger">Takes what was saved.</param>
    /// <param name="path">The file; its directory is there.</param>
    /// <param name="clock">Its timer.</param>
    public RelayCountsFile(RelayLedger ledger, string path, TimeProvider clock)
    {
        (_ledger, _path) = (ledger, path);
        _written = File.Exists(path) ? File.ReadAllText(path) : string.Empty;
        ledger.Restore(Parse(_written));
        _timer = clock.CreateTimer(static self => ((RelayCountsFile)self!).Save(), this, Every, Every);
    }

    public void Dispose()
    {
        _timer.Dispose();
        Save();
    }

    // A disk that takes no writes is the queue's trouble first; the next turn tries again.
    private void Save()
    {
        lock (_gate)
        {
            var text = string.Concat(_ledger.Capture().OrderBy(count => count.Key, StringComparer.Ordinal).Select(Line));
            try
            {
                if (text != _written)
                {
                    DurableFile.Replace(_path, Encoding.ASCII.GetBytes(text));
                    _written = text;
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                _written = string.Empty;
            }
        }
    }

    private static string Line(KeyValuePair<string, (long Window, long Taken)> count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value.Window} {count.Value.Taken}\n");

    private static Dictionary<string, (long Window, long Taken)> Parse(string text)
    {
        var counts = new Dictionary<string, (long, long)>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var name, var window, var taken]
                && long.TryParse(window, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(taken, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                counts[name] = (number, count);
            }
        }

        return counts;
    }
}
