using System.Diagnostics;
using System.Text;

namespace Engine.Tests.Failures;

/// <summary>The engine as a process of its own, started from the binary beside the tests. Disposing it kills it.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private EngineProcess(IEnumerable<string> arguments, int? descriptors = null)
    {
        var host = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) is "dotnet" ? own : "dotnet";
        var start = new ProcessStartInfo(descriptors is null ? host : "prlimit") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] program = descriptors is { } limit ? [$"--nofile={limit}:{limit}", host, Binary] : [Binary];
        foreach (var argument in program.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote so far, at most the last 16 KiB.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    private static string Binary => Path.Join(AppContext.BaseDirectory, "engine.dll");

    /// <summary>Null when <c>engine run</c> can be started; else why not.</summary>
    public static async Task<string?> MissingAsync(CancellationToken guard)
    {
        if (!File.Exists(Binary) || !File.Exists(Path.ChangeExtension(Binary, ".runtimeconfig.json")))
        {
            return $"{Binary} is not there, or cannot be run";
        }

        var (code, output) = await RunAsync(["run", "--help"], guard);
        return code == 0 && output.Contains("--config", StringComparison.Ordinal) ? null : "engine.dll has no verb 'run'";
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IEnumerable<string> arguments, CancellationToken guard)
    {
        await using var process = new EngineProcess(arguments);
        await process._process.WaitForExitAsync(guard);
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>Starts the daemon. It may not take connections yet when this returns.</summary>
    /// <param name="configuration">Its engine.json.</param>
    /// <param name="descriptors">File descriptors it may have; null for as many as this process.</param>
    public static EngineProcess Start(string configuration, int? descriptors = null) => new(["run", "--config", configuration], descriptors);

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        const int Most = 16 * 1_024;
        if (line is null)
        {
            // The end of one stream, which may come before the other's first line.
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > Most)
            {
                _output.Remove(0, _output.Length - Most);
            }
        }
    }
}
