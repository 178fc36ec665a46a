using System.Collections.Concurrent;

namespace Engine.Tests.Observability;

/// <summary>Keeps what is logged, and lets a test await a line.</summary>
internal sealed class CollectingLogger : ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _seen = new();

    /// <summary>Completes when the event was logged, before or after the call.</summary>
    public Task Logged(int eventId) => Source(eventId).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public bool Has(int eventId) => Source(eventId).Task.IsCompleted;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Source(eventId.Id).TrySetResult();

    public void Dispose()
    {
    }

    private TaskCompletionSource Source(int eventId) =>
        _seen.GetOrAdd(eventId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
