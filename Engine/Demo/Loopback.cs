using System.Net;
using System.Net.Sockets;

namespace Engine.Demo;

/// <summary>Sockets that cannot leave this host.</summary>
internal static class Loopback
{
    /// <exception cref="ArgumentException">The address is not a loopback address.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Socket Listen(IPEndPoint endPoint, int backlog)
    {
        var socket = Open(endPoint, SocketType.Stream, ProtocolType.Tcp);
        socket.Listen(backlog);
        return socket;
    }

    /// <summary>A bound UDP socket.</summary>
    /// <exception cref="ArgumentException">The address is not a loopback address.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Socket Datagrams(IPEndPoint endPoint) => Open(endPoint, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>Makes one thing on each address, all on the same port, which is free on all of them.</summary>
    /// <typeparam name="T">Listens from its making on.</typeparam>
    /// <param name="addresses">Loopback addresses.</param>
    /// <param name="make">Port 0 for the first address; throws <see cref="SocketException"/> when a port is taken.</param>
    /// <param name="portOf">The port that was picked.</param>
    public static async Task<IReadOnlyList<T>> OnOnePortAsync<T>(IReadOnlyList<IPAddress> addresses, Func<int, IPEndPoint, T> make, Func<T, int> portOf)
        where T : IAsyncDisposable
    {
        const int Tries = 50;
        for (var attempt = 1; ; attempt++)
        {
            var made = new List<T>();
            try
            {
                foreach (var address in addresses)
                {
                    made.Add(make(made.Count, new IPEndPoint(address, made.Count == 0 ? 0 : portOf(made[0]))));
                }

                return made;
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse && attempt < Tries)
            {
                foreach (var one in made)
                {
                    await one.DisposeAsync();
                }
            }
        }
    }

    private static Socket Open(IPEndPoint endPoint, SocketType type, ProtocolType protocol)
    {
        if (!IPAddress.IsLoopback(endPoint.Address))
        {
            throw new ArgumentException($"{endPoint.Address} is not a loopback address.", nameof(endPoint));
        }

        var socket = new Socket(endPoint.AddressFamily, type, protocol);
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
