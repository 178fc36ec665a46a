using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Cli;

/// <summary><c>engine run</c>: the daemon, until SIGTERM or SIGINT.</summary>
internal static class RunVerb
{
    public static Command Make(SharedOptions common)
    {
        var held = new Option<bool>("--held") { Description = "Start with everything paused; 'engine resume all' lets it go" };
        var command = new Command("run", "Run the engine in the foreground") { held };
        command.SetAction((parsed, stop) => RunAsync(Path.GetFullPath(common.FileOf(parsed)), parsed.GetValue(held), stop));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool held, CancellationToken stop)
    {
        var configuration = ConfigurationCheck.Load(file);
        foreach (var finding in configuration.Findings.All)
        {
            Output.Complain(finding.ToString());
        }

        if (configuration.Snapshot is not { } snapshot)
        {
            return ExitCode.BadConfiguration;
        }

        using var loggers = LoggerFactory.Create(Logging.Configure);
        var log = loggers.CreateLogger("engine");
        using var notify = SystemdNotify.FromEnvironment(TimeProvider.System);
        using var signals = new StopSignals();
        try
        {
            int code;
            await using (var host = await EngineHost.StartAsync(configuration, file, held, TimeProvider.System, loggers, stop).ConfigureAwait(false))
            {
                // They end before the host: what comes in by them must not meet parts that are gone.
                await using var admin = await AdminServer.StartAsync(host, loggers, stop).ConfigureAwait(false);
                await using var links = await LinksAsync(host, loggers, stop).ConfigureAwait(false);
                code = await LiveAsync(host, snapshot, signals, notify, log).ConfigureAwait(false);
            }

            DaemonLog.Stopped(log);
            return code;
        }
        catch (Exception fault) when (fault is QueueDamagedException or SuppressionDamagedException)
        {
            throw new CliError(ExitCode.BadData, fault.Message);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException or CryptographicException or OverridesDamagedException)
        {
            throw new CliError(ExitCode.TryAgain, $"the engine cannot start: {fault.Message}");
        }
    }

    // Until it is to stop; what to end with.
    private static async Task<int> LiveAsync(EngineHost host, Snapshot snapshot, StopSignals signals, SystemdNotify notify, ILogger log)
    {
        signals.Listen(() => _ = ReloadAsync(host, notify, log));
        if (snapshot.Options.Queue.Durability is Durability.Memory)
        {
            DaemonLog.NotDurable(log);
        }

        var listeners = string.Join(", ", host.SubmissionEndPoints);
        DaemonLog.Running(log, EngineVersion.Text, host.Counts.Queued, listeners);
        notify.Ready($"taking mail on {listeners}");
        notify.StartWatchdog(() => host.IsAlive);
        var ended = await Task.WhenAny(signals.Asked, host.Failed).ConfigureAwait(false);
        notify.Stopping("stopping");
        if (ended == host.Failed)
        {
            DaemonLog.CannotGoOn(log, host.StorageFault);
        }

        DaemonLog.Stopping(log);
        return ended == signals.Asked ? ExitCode.Good : ExitCode.TryAgain;
    }

    // Behind links that nobody could have got there is nothing to serve.
    private static async Task<UnsubscribeServer?> LinksAsync(EngineHost host, ILoggerFactory loggers, CancellationToken stop)
    {
        var snapshot = host.Snapshot;
        if (snapshot.Feedback.Tokens is null || snapshot.Options.Feedback.Unsubscribe is not { } options)
        {
            return null;
        }

        var server = new UnsubscribeServer(IPEndPoint.Parse(options.Bind), host.Parts.Inbound.Unsubscribe, TimeProvider.System, loggers.CreateLogger<UnsubscribeServer>());
        try
        {
            await server.StartAsync(stop).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task ReloadAsync(EngineHost host, SystemdNotify notify, ILogger log)
    {
        notify.Reloading();
        var result = await host.ReloadAsync(new ReloadRequest()).ConfigureAwait(false);
        foreach (var finding in result.Findings)
        {
            if (result.IsTaken)
            {
                DaemonLog.Isolated(log, finding.ToString());
            }
            else
            {
                DaemonLog.ReloadRefused(log, finding.ToString());
            }
        }

        notify.Ready(result.IsTaken ? "configuration reloaded" : "reload refused; the previous configuration runs");
    }
}
