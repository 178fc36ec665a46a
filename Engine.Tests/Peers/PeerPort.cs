using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Engine.Tests.Peers;

/// <summary>A port of 127.0.0.1 for a program that cannot take "any free port". Free for TCP and UDP when taken.</summary>
/// <remarks>
/// It lies below the kernel's ephemeral range, so that no connection or bind to port 0 can get it before the program does; a lock
/// file keeps it from other tests, also of other processes, until it is disposed (or its process ends).
/// </remarks>
internal sealed class PeerPort : IDisposable
{
    private const int Low = 20_000;
    private const int High = 32_000;

    private readonly FileStream _lock;

    private PeerPort(int number, FileStream held)
    {
        Number = number;
        _lock = held;
    }

    public int Number { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Number);

    public static PeerPort Take()
    {
        var directory = Directory.CreateDirectory(Path.Join(Path.GetTempPath(), "engine-peer-ports")).FullName;
        PeerPort? port = null;
        for (var tries = 0; port is null && tries < 1_000; tries++)
        {
            var number = RandomNumberGenerator.GetInt32(Low, High);
            port = TryTake(number, Path.Join(directory, number.ToString(provider: null)));
        }

        return port ?? throw new AssertionException($"No free port between {Low} and {High}");
    }

    public void Dispose() => _lock.Dispose();

    public override string ToString() => Number.ToString(provider: null);

    private static PeerPort? TryTake(int number, string path)
    {
        // The file stays: deleting it would let two holders lock two files of one name.
        FileStream? held = null;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var port = IsFree(number) ? new PeerPort(number, held) : null;
            held = port is null ? held : null;
            return port;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            held?.Dispose();
        }
    }

    private static bool IsFree(int number)
    {
        try
        {
            using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            stream.Bind(new IPEndPoint(IPAddress.Loopback, number));
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, number));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
