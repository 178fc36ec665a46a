using System.Runtime.InteropServices;

namespace Engine.Cli;

/// <summary>What the system asks of the daemon: SIGTERM and SIGINT to stop, SIGHUP to read its configuration again. Heard until disposed, so that one that comes again while the daemon stops does not kill it.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Ends at the first SIGTERM or SIGINT.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Hears them from now on.</summary>
    /// <param name="hangup">Called at each SIGHUP; must not block.</param>
    public void Listen(Action hangup)
    {
        Hear(PosixSignal.SIGTERM, () => _asked.TrySetResult());
        Hear(PosixSignal.SIGINT, () => _asked.TrySetResult());
        Hear(PosixSignal.SIGHUP, hangup);
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Hear(PosixSignal which, Action act) => _registrations.Add(PosixSignalRegistration.Create(which, signal =>
    {
        signal.Cancel = true;
        act();
    }));
}
