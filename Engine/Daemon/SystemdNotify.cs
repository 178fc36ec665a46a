using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Engine.Daemon;

/// <summary>Tells systemd how the service is: the protocol of sd_notify(3), spoken by hand. Does nothing when systemd did not start us.</summary>
/// <remarks>Written here because the package that does it cannot be had (architecture.md §7); this file is the seam it would take.</remarks>
internal sealed class SystemdNotify : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _target;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private ITimer? _watchdog;

    /// <param name="socketPath">Value of NOTIFY_SOCKET: a path, or an abstract name after <c>@</c>; null or empty for none.</param>
    /// <param name="watchdogMicroseconds">Value of WATCHDOG_USEC; null or not a number for no watchdog.</param>
    /// <param name="watchdogProcess">Value of WATCHDOG_PID; the watchdog is ours only when it is our id or absent.</param>
    /// <param name="clock">Measures the watchdog's time.</param>
    public SystemdNotify(string? socketPath, string? watchdogMicroseconds, string? watchdogProcess, TimeProvider clock)
    {
        _clock = clock;
        if (socketPath is not (['/', _, ..] or ['@', _, ..]))
        {
            return;
        }

        _target = new UnixDomainSocketEndPoint(socketPath[0] == '@' ? $"\0{socketPath[1..]}" : socketPath);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var isOurs = string.IsNullOrEmpty(watchdogProcess) || watchdogProcess == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isOurs && long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            WatchdogInterval = TimeSpan.FromMicroseconds(microseconds / 2);
        }
    }

    /// <summary>Half the time after which systemd takes us for hung; null when there is no watchdog.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>Made from the environment systemd gives.</summary>
    public static SystemdNotify FromEnvironment(TimeProvider clock) => new(
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
        Environment.GetEnvironmentVariable("WATCHDOG_PID"),
        clock);

    /// <summary>Recovery is done and the listeners are open.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>A reload begins; <see cref="Ready"/> ends it. systemd wants the monotonic time with it (Type=notify-reload).</summary>
    public void Reloading() =>
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={MonotonicMicroseconds()}"));

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <summary>What <c>systemctl status</c> shows.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>From now on systemd hears from us twice in each watchdog time, for as long as <paramref name="isAlive"/> says so.</summary>
    /// <param name="isAlive">Asked on a pool thread: a pool that stands still sends nothing either, which is the point.</param>
    public void StartWatchdog(Func<bool> isAlive)
    {
        if (WatchdogInterval is { } interval)
        {
            _watchdog = _clock.CreateTimer(
                _ =>
                {
                    if (isAlive())
                    {
                        Send("WATCHDOG=1");
                    }
                },
                state: null,
                TimeSpan.Zero,
                interval);
        }
    }

    public void Dispose()
    {
        _watchdog?.Dispose();
        lock (_gate)
        {
            _socket?.Dispose();
        }
    }

    // systemd compares it with CLOCK_MONOTONIC, which is what TickCount64 and Stopwatch read on Linux.
    private static long MonotonicMicroseconds() => System.Diagnostics.Stopwatch.GetTimestamp() / (System.Diagnostics.Stopwatch.Frequency / 1_000_000);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string message)
    {
        if (_socket is null || _target is null)
        {
            return;
        }

        try
        {
            lock (_gate)
            {
                _socket.SendTo(Encoding.UTF8.GetBytes(message), _target);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // A supervisor that does not listen is no reason to stop; without READY or WATCHDOG it acts by itself.
        }
    }
}
