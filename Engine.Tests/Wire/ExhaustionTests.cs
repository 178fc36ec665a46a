using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Wire;
using Microsoft.Win32.SafeHandles;

namespace Engine.Tests.Wire;

/// <summary>A listener in a process that has no descriptor left. Lowers this process's own limit for a moment.</summary>
[NonParallelizable]
[CancelAfter(30_000)]
internal sealed class ExhaustionTests
{
    [Test]
    public async Task Without_a_descriptor_a_client_hears_so_and_the_next_is_taken_when_there_is_one(CancellationToken stop)
    {
        var limit = ProcessDescriptors.Limit();
        var fill = new List<SafeFileHandle>();
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var third = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Start(Take, TurnAway);
        var answer = new byte[100];
        try
        {
            // Highest number in use, and a few more: what stands above stays open.
            await LimitAsync(fill.Count + HighestOpen() + 20, stop);
            Fill(fill);

            foreach (var client in (Socket[])[first, second])
            {
                await client.ConnectAsync(listener.EndPoint, stop);
                var count = await client.ReceiveAsync(answer, stop);
                Assert.That(Encoding.ASCII.GetString(answer, 0, count), Is.EqualTo("421 4.3.2 full\r\n"));
            }
        }
        finally
        {
            fill.ForEach(static file => file.Dispose());
            await LimitAsync(limit, CancellationToken.None);
        }

        Assert.That(accepted.Task.IsCompleted, Is.False);
        await third.ConnectAsync(listener.EndPoint, stop);
        await accepted.Task.WaitAsync(stop);

        void Take(Socket socket)
        {
            socket.Dispose();
            accepted.TrySetResult();
        }

        static void TurnAway(Socket socket)
        {
            socket.Send("421 4.3.2 full\r\n"u8);
            socket.Dispose();
        }
    }

    private static int HighestOpen() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Max(static entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture));

    private static void Fill(List<SafeFileHandle> fill)
    {
        try
        {
            while (true)
            {
                fill.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task LimitAsync(long limit, CancellationToken stop)
    {
        using var process = Process.Start("prlimit", ["--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={limit}:")]);
        await process.WaitForExitAsync(stop);
        Assert.That(process.ExitCode, Is.Zero);
    }
}
