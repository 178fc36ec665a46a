using System.Diagnostics.CodeAnalysis;
using System.Net;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Queue;

namespace Engine.Demo;

/// <summary>The real engine, in this process.</summary>
internal sealed class HostedEngine(EngineHost host) : IDemoEngine
{
    private QueueCounts? _last;

    public IReadOnlyList<IPEndPoint> SubmissionEndPoints => host.SubmissionEndPoints;

    public QueueCounts Counts => _last ?? host.Counts;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "What is returned owns it.")]
    public static async Task<IDemoEngine> StartAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop) =>
        new HostedEngine(await EngineHost.StartAsync(snapshot, clock, loggers, stop).ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        _last = host.Counts;
        await host.DisposeAsync().ConfigureAwait(false);
    }
}
