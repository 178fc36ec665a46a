using System.Net;
using Engine.Configuration;
using Engine.Queue;

namespace Engine.Demo;

/// <summary>The daemon of this process, as a demo needs it.</summary>
internal sealed class DemoEngine : IDemoEngine
{
    public IReadOnlyList<IPEndPoint> SubmissionEndPoints => throw new NotImplementedException("Engine.Daemon.EngineHost");

    public QueueCounts Counts => throw new NotImplementedException("Engine.Daemon.EngineHost");

    public static Task<IDemoEngine> StartAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop) =>
        throw new NotImplementedException("Engine.Daemon.EngineHost");

    public ValueTask DisposeAsync() => throw new NotImplementedException("Engine.Daemon.EngineHost");
}
