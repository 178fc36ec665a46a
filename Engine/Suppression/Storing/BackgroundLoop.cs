namespace Engine.Suppression.Storing;

/// <summary>A thread that works while there is work, and waits to be told of more. After a fault it tries again half a minute later.</summary>
internal sealed class BackgroundLoop : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly Func<bool> _work;
    private readonly Action<Exception> _failed;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly ITimer _retry;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="name">Of the thread.</param>
    /// <param name="work">Does one piece; false when there was none.</param>
    /// <param name="failed">Told of a fault.</param>
    /// <param name="clock">For the wait after a fault.</param>
    public BackgroundLoop(string name, Func<bool> work, Action<Exception> failed, TimeProvider clock)
    {
        _work = work;
        _failed = failed;
        _retry = clock.CreateTimer(_ => Pulse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>There may be work.</summary>
    public void Pulse() => _signal.Release();

    /// <summary>Waits for the piece that is being done.</summary>
    public void Dispose()
    {
        _retry.Dispose();
        _stopping = true;
        Pulse();
        _thread.Join();
        _signal.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _signal.Wait();
            try
            {
                while (!_stopping && _work())
                {
                }
            }
#pragma warning disable CA1031 // The top of the loop: a full disk must not end it.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _failed(fault);
                _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
