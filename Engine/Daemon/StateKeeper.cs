using System.Diagnostics.CodeAnalysis;

namespace Engine.Daemon;

/// <summary>
/// Keeps what rooms have learned under <c>state/</c>: every 10 s and at the stop each part is written whole (temporary file, fsync,
/// rename). What cannot be read at the start is set aside, and the room begins as one that knows nothing. architecture.md §4.
/// </summary>
/// <param name="directory">The state directory.</param>
/// <param name="parts">What to keep.</param>
/// <param name="clock">Paces it.</param>
/// <param name="log">Told of faults.</param>
internal sealed class StateKeeper(string directory, IReadOnlyList<KeptState> parts, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Reads every part. Before anything runs.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Learned state is a convenience: whatever is wrong with it must not keep mail from leaving.")]
    public void Load()
    {
        foreach (var part in parts)
        {
            var path = Path.Join(directory, part.Name);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                part.Load(path);
            }
            catch (Exception fault)
            {
                DaemonLog.StateNotRead(log, path, fault.Message);
                File.Move(path, path + ".damaged", overwrite: true);
            }
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(Interval, clock);
        try
        {
            while (await beat.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                Save();
            }
        }
        catch (OperationCanceledException)
        {
            // The end; the last state is written by who ends it.
        }
    }

    /// <summary>Writes every part. One caller at a time.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A disk that takes no learned state must not stop delivery: the next turn tries again, and the log says so.")]
    public void Save()
    {
        foreach (var part in parts)
        {
            try
            {
                part.Save(Path.Join(directory, part.Name));
            }
            catch (Exception fault)
            {
                DaemonLog.StateNotKept(log, part.Name, fault.Message);
            }
        }
    }
}
