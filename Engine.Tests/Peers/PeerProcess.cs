using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Engine.Tests.Peers;

/// <summary>
/// A real program of others as a child process: both of its outputs are captured line by line, a line can be awaited,
/// and disposing kills it with everything it started.
/// </summary>
/// <remarks>
/// Keep the program in the foreground (<c>do-daemonize: no</c>, <c>--keep-in-foreground</c>, <c>master -d</c>): a child that
/// made itself a daemon is no longer in our tree. Arguments are passed as they are; no shell reads them. Thread-safe.
/// </remarks>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/lib/postfix/sbin"];

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _ended;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    private PeerProcess(Process process)
    {
        _process = process;
        _ended = PumpAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything said so far, both outputs as they came.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>The program's path. Ends the test as ignored, with the reason, when it is not installed.</summary>
    /// <param name="name">File name, such as <c>unbound</c>.</param>
    /// <param name="package">The Debian package that brings it.</param>
    public static string Find(string name, string package)
    {
        var found = Places.Select(place => Path.Join(place, name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Ignore($"{name} is not installed: apt-get install {package}");
        }

        return found!;
    }

    /// <summary>Starts it with empty, closed input.</summary>
    /// <param name="program">Path, as <see cref="Find"/> gives it.</param>
    /// <param name="directory">Working directory; the current one by default.</param>
    /// <param name="arguments">One element each; not quoted.</param>
    public static PeerProcess Start(string program, string? directory, params IEnumerable<string> arguments)
    {
        var process = Begin(program, directory, arguments);
        process.StandardInput.Close();
        return new PeerProcess(process);
    }

    /// <summary>Runs a short program to its end, with <paramref name="input"/> on its standard input.</summary>
    /// <returns>Exit code, standard output and standard error.</returns>
    public static async Task<PeerResult> RunAsync(string program, string input, CancellationToken stop, params IEnumerable<string> arguments)
    {
        using var process = Begin(program, directory: null, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = process.StandardError.ReadToEndAsync(stop);
            await FeedAsync(process, input, stop);
            await process.WaitForExitAsync(stop);
            return new PeerResult(process.ExitCode, await output, await error);
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>The first line, also among those already said, that matches.</summary>
    /// <exception cref="AssertionException">The program ended, or the time was over, without such a line.</exception>
    public async Task<string> LineAsync(Predicate<string> match, CancellationToken stop)
    {
        for (var seen = 0; ;)
        {
            Task more;
            lock (_gate)
            {
                var at = _lines.FindIndex(seen, match);
                if (at >= 0)
                {
                    return _lines[at];
                }

                seen = _lines.Count;
                if (_closed)
                {
                    throw new AssertionException($"{Name} ended without the line awaited. It said:\n{string.Join('\n', _lines)}");
                }

                more = _more.Task;
            }

            await Guarded(more, "a line", stop);
        }
    }

    /// <summary>The first line that contains <paramref name="text"/>.</summary>
    public Task<string> LineAsync(string text, CancellationToken stop) =>
        LineAsync(line => line.Contains(text, StringComparison.Ordinal), stop);

    /// <summary>Waits until something takes TCP connections at the port. For programs that do not say when they are ready.</summary>
    public async Task ListensAsync(int port, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await TakesAsync(port, stop))
        {
            Assert.That(HasExited, Is.False, () => $"{Name} ended. It said:\n{Output}");
            await pace.WaitForNextTickAsync(stop);
        }
    }

    /// <summary>Asks it to end (SIGTERM) and waits. To end it at once, dispose.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken stop)
    {
        if (!HasExited)
        {
            await RunAsync("/bin/kill", string.Empty, stop, "-TERM", Id.ToString(provider: null));
        }

        return await ExitAsync(stop);
    }

    /// <summary>Waits for its end; all of its output has been captured then.</summary>
    public async Task<int> ExitAsync(CancellationToken stop)
    {
        await Guarded(_ended, "the end", stop);
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    /// <summary>Kills it with all it started, and waits until their outputs are closed: then their ports and files are free.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        _closing.CancelAfter(LongestFarewell);
        await _ended;
        _closing.Dispose();
        _process.Dispose();
    }

    private string Name => Path.GetFileName(_process.StartInfo.FileName);

    private static Process Begin(string program, string? directory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory ?? string.Empty,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start) ?? throw new AssertionException($"{program} did not start");
    }

    private static async Task FeedAsync(Process process, string input, CancellationToken stop)
    {
        // A program may end without reading all of its input.
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            return;
        }
    }

    private static async Task<bool> TakesAsync(int port, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private async Task Guarded(Task awaited, string what, CancellationToken stop)
    {
        try
        {
            await awaited.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"Waited too long for {what} of {Name}. It said:\n{Output}");
        }
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        Wake(null);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        // A grandchild that got away may hold the pipe open: dispose does not wait for it for ever.
        try
        {
            while (await reader.ReadLineAsync(_closing.Token) is { } line)
            {
                Wake(line);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void Wake(string? line)
    {
        TaskCompletionSource woken;
        lock (_gate)
        {
            woken = _more;
            if (line is null)
            {
                _closed = true;
            }
            else
            {
                _lines.Add(line);
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        woken.TrySetResult();
    }
}
