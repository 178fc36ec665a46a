using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Engine.Wire;

namespace Engine.Dns;

/// <summary>Carries one query to one server and waits for its reply. Network trouble comes back as an outcome. Thread-safe.</summary>
internal sealed class DnsTransport(AnswerReader reader, TimeProvider clock)
{
    // More than we ask for: a server that ignores the EDNS size is still understood.
    private const int DatagramLength = 4_096;

    /// <summary>
    /// Asks by UDP, on a socket of its own: the kernel gives each a random source port (RFC 5452 §9.2), and a connected socket takes
    /// datagrams from this server only. Strays are passed over until the limit.
    /// </summary>
    public async Task<Reading> AskDatagramAsync(IPEndPoint server, ReadOnlyMemory<byte> query, TimeSpan limit, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(DatagramLength);
        using var time = new CancellationTokenSource(limit, clock);
        await using var registration = Link(time, stop);
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, time.Token);
            await socket.SendAsync(query, time.Token);
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(0, DatagramLength), time.Token);
                if (reader.Read(buffer.AsSpan(0, count), query.Span) is { Outcome: not TryOutcome.Stray } reading)
                {
                    return reading;
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return new Reading(fault is SocketException ? TryOutcome.Unreachable : TryOutcome.TimedOut);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Asks by TCP, one question to a connection. RFC 7766. The limit holds for connecting, sending and receiving together.</summary>
    public async Task<Reading> AskStreamAsync(IPEndPoint server, ReadOnlyMemory<byte> query, TimeSpan limit, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (await ConnectAsync(socket, server, limit, stop) is var fault and not WireFault.None)
        {
            return new Reading(OutcomeOf(fault));
        }

        await using var connection = new Connection(socket, clock);
        var frame = ArrayPool<byte>.Shared.Rent(ushort.MaxValue + 2);
        try
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)query.Length);
            query.CopyTo(frame.AsMemory(2));
            fault = await connection.SendAsync(frame.AsMemory(0, query.Length + 2), Left(started, limit), stop);
            return fault is WireFault.None ? await ReceiveAsync(connection, frame, query, started, limit, stop) : new Reading(OutcomeOf(fault));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    private async Task<Reading> ReceiveAsync(Connection connection, byte[] frame, ReadOnlyMemory<byte> query, long started, TimeSpan limit, CancellationToken stop)
    {
        for (var (have, need) = (0, 2); ;)
        {
            var received = await connection.ReceiveAsync(frame.AsMemory(have..need), Left(started, limit), stop);
            if (received.Fault is not WireFault.None)
            {
                return new Reading(OutcomeOf(received.Fault));
            }

            have += received.Count;
            need = have >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(frame) + 2 : need;
            if (have == need)
            {
                // On a connection of our own a reply to something else is nonsense, not a stray.
                var reading = reader.Read(frame.AsSpan(2, need - 2), query.Span);
                return reading.Outcome is TryOutcome.Stray ? new Reading(TryOutcome.Malformed) : reading;
            }
        }
    }

    private TimeSpan Left(long started, TimeSpan limit)
    {
        var left = limit - clock.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<WireFault> ConnectAsync(Socket socket, IPEndPoint server, TimeSpan limit, CancellationToken stop)
    {
        using var time = new CancellationTokenSource(limit, clock);
        await using var registration = Link(time, stop);
        try
        {
            await socket.ConnectAsync(server, time.Token);
            return WireFault.None;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return fault is SocketException ? WireFault.Reset : WireFault.TimedOut;
        }
    }

    private static TryOutcome OutcomeOf(WireFault fault) => fault is WireFault.TimedOut ? TryOutcome.TimedOut : TryOutcome.Unreachable;

    private static CancellationTokenRegistration Link(CancellationTokenSource time, CancellationToken stop) =>
        stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), time);
}
