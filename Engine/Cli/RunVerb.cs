using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
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
        try
        {
            await using var host = await EngineHost.StartAsync(configuration, file, held, TimeProvider.System, loggers, stop).ConfigureAwait(false);
            await using var admin = await AdminServer.StartAsync(host, loggers, stop).ConfigureAwait(false);
            await using var links = await LinksAsync(host, loggers, stop).ConfigureAwait(false);
            return await LiveAsync(host, snapshot, notify, log).ConfigureAwait(false);
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

    private static async Task<int> LiveAsync(EngineHost host, Snapshot snapshot, SystemdNotify notify, ILogger log)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Ask(signal, asked));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Ask(signal, asked));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = ReloadAsync(host, notify, log);
        });
        if (snapshot.Options.Queue.Durability is Durability.Memory)
        {
            DaemonLog.NotDurable(log);
        }

        var listeners = string.Join(", ", host.SubmissionEndPoints);
        DaemonLog.Running(log, EngineVersion.Text, host.Counts.Queued, listeners);
        notify.Ready($"taking mail on {listeners}");
        notify.StartWatchdog(() => host.IsAlive);
        var ended = await Task.WhenAny(asked.Task, host.Failed).ConfigureAwait(false);
        notify.Stopping("stopping");
        if (ended == host.Failed)
        {
            DaemonLog.CannotGoOn(log, host.QueueFault);
        }

        DaemonLog.Stopping(log);
        await host.DisposeAsync().ConfigureAwait(false);
        DaemonLog.Stopped(log);
        return ended == asked.Task ? ExitCode.Good : ExitCode.TryAgain;
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

    private static void Ask(PosixSignalContext signal, TaskCompletionSource asked)
    {
        signal.Cancel = true;
        asked.TrySetResult();
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
