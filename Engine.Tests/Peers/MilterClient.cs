using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Engine.Mail;

namespace Engine.Tests.Peers;

/// <summary>
/// The MTA's side of the milter protocol, version 6, as far as a filter that looks and adds header fields needs it: one connection, one message after the
/// other. A packet is a length (4 octets, big-endian), a command, data; all packets of a message are sent at once and the answers read behind.
/// </summary>
internal sealed class MilterClient : IAsyncDisposable
{
    private const int Version = 6;

    // Add and change fields, and whatever else it likes: nothing of it is obeyed.
    private const int Actions = 0x1FF;

    // SMFIP_HDR_LEADSPC: values come as they stand behind the colon. No step is left out and each is answered.
    private const int Steps = 0x0010_0000;

    private const int BodyPiece = 16_000;

    private readonly NetworkStream _stream;

    private MilterClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects as soon as the filter has made its socket. Over TCP each message would wait 40 ms: Nagle's rule and a delayed acknowledgement.</summary>
    /// <param name="path">Of a Unix socket.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<MilterClient> ConnectAsync(string path, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var socket = await TryConnectAsync(path, stop);
        while (socket is null)
        {
            await pace.WaitForNextTickAsync(stop);
            socket = await TryConnectAsync(path, stop);
        }

        var client = new MilterClient(socket);
        var hello = new MemoryStream();
        Span<byte> terms = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(terms, Version);
        BinaryPrimitives.WriteInt32BigEndian(terms[4..], Actions);
        BinaryPrimitives.WriteInt32BigEndian(terms[8..], Steps);
        Put(hello, 'O', terms);
        await client._stream.WriteAsync(hello.ToArray(), stop);
        var (command, answer) = await client.ReadAsync(stop);
        Assert.That((command, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(8)) & Steps), Is.EqualTo(('O', Steps)), "a filter that wants values as they are");

        // From an address of others: a filter that signs signs for its own networks.
        var connect = new MemoryStream();
        Put(connect, 'C', [.. "peer.example\0"u8, (byte)'4', 0x30, 0x39, .. "192.0.2.1\0"u8]);
        Put(connect, 'H', "peer.example\0"u8);
        await client._stream.WriteAsync(connect.ToArray(), stop);
        Assert.That((await client.ReadAsync(stop)).Command, Is.EqualTo('c'));
        Assert.That((await client.ReadAsync(stop)).Command, Is.EqualTo('c'));
        return client;
    }

    /// <summary>Shows it a message.</summary>
    /// <returns>The fields that it adds, <c>Name: value</c>, and last its verdict: <c>a</c> and <c>c</c> let the message pass.</returns>
    public async Task<IReadOnlyList<string>> ShowAsync(byte[] message, CancellationToken stop)
    {
        var (packets, answers) = Packets(message);
        await _stream.WriteAsync(packets, stop);
        for (var at = 1; at < answers; at++)
        {
            Assert.That((await ReadAsync(stop)).Command, Is.EqualTo('c'), $"answer {at} of {answers}");
        }

        var said = new List<string>();
        while (true)
        {
            var (command, data) = await ReadAsync(stop);
            if (command is 'h' or 'i')
            {
                var words = Encoding.Latin1.GetString(data.AsSpan(command == 'i' ? 4 : 0)).Split('\0');
                said.Add($"{words[0]}: {words[1]}");
            }
            else if (command is not ('p' or 'm'))
            {
                said.Add(command.ToString());
                return said;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        var quit = new MemoryStream();
        Put(quit, 'Q', []);
        await _stream.WriteAsync(quit.ToArray(), CancellationToken.None);
        await _stream.DisposeAsync();
    }

    private static async Task<Socket?> TryConnectAsync(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static (byte[] Packets, int Answers) Packets(byte[] message)
    {
        HeaderWalker.TrySplit(message, out var head, out var body);
        var packets = new MemoryStream();
        Put(packets, 'M', "<a@acme.example>\0"u8);
        Put(packets, 'R', "<b@b.example>\0"u8);
        Put(packets, 'T', []);
        var answers = 3;
        foreach (var field in new HeaderWalker(head))
        {
            // Lines of one field are parted by LF alone, as MTAs do.
            var value = Encoding.Latin1.GetString(field.Value).Replace("\r\n", "\n", StringComparison.Ordinal);
            Put(packets, 'L', [.. field.Name, 0, .. Encoding.Latin1.GetBytes(value), 0]);
            answers++;
        }

        Put(packets, 'N', []);
        for (; !body.IsEmpty; body = body[Math.Min(BodyPiece, body.Length)..])
        {
            Put(packets, 'B', body[..Math.Min(BodyPiece, body.Length)]);
            answers++;
        }

        Put(packets, 'E', []);
        return (packets.ToArray(), answers + 2);
    }

    private static void Put(MemoryStream packets, char command, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length + 1);
        packets.Write(length);
        packets.WriteByte((byte)command);
        packets.Write(data);
    }

    private async Task<(char Command, byte[] Data)> ReadAsync(CancellationToken stop)
    {
        var length = new byte[4];
        await _stream.ReadExactlyAsync(length, stop);
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(packet, stop);
        return ((char)packet[0], packet[1..]);
    }
}
