using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Engine.Demo;

namespace Engine.Tests.Journeys;

/// <summary>Submits one large message that it makes up as it goes.</summary>
internal sealed class LargeClient(IPEndPoint server, SubmitLogin login) : IDisposable
{
    private readonly Socket _socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Logs in, sends the envelope and the head of the message.</summary>
    public async Task OpenAsync(string[] recipients, CancellationToken stop)
    {
        await _socket.ConnectAsync(server, stop);
        await ExpectAsync("220", stop);
        await AskAsync("EHLO client.test", "250", stop);
        await AskAsync($"AUTH PLAIN {login.ToPlain()}", "235", stop);
        await AskAsync("MAIL FROM:<shop@demo.test>", "250", stop);
        foreach (var recipient in recipients)
        {
            await AskAsync($"RCPT TO:<{recipient}>", "250", stop);
        }

        await AskAsync("DATA", "354", stop);
        await _socket.SendAsync("From: <shop@demo.test>\r\nSubject: large\r\nX-Demo-Number: 1\r\n\r\n"u8.ToArray(), stop);
    }

    /// <summary>Sends lines of body: every 1000th begins with a dot, many end in blanks, which DKIM takes out.</summary>
    /// <param name="octets">About so many.</param>
    /// <param name="seed">Of what stands in them.</param>
    /// <param name="stop">Gives up.</param>
    public async Task SendAsync(long octets, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        var (plain, stuffed) = (new MemoryStream(), new MemoryStream());
        for (var (sent, line) = (0L, 0); sent < octets;)
        {
            plain.SetLength(0);
            stuffed.SetLength(0);
            while (plain.Length < 32 << 10)
            {
                var text = Encoding.ASCII.GetBytes($"{(line++ % 1_000 == 0 ? "." : string.Empty)}{random.Next()} {new string('b', random.Next(90))}{new string(' ', random.Next(3))}\r\n");
                plain.Write(text);
                stuffed.Write(text[0] == '.' ? [(byte)'.', .. text] : text);
            }

            _digest.AppendData(plain.GetBuffer(), 0, (int)plain.Length);
            sent += plain.Length;
            await SendAsync(stuffed.GetBuffer().AsMemory(0, (int)stuffed.Length), stop);
        }
    }

    /// <summary>Ends the message.</summary>
    /// <returns>SHA-256 of the body.</returns>
    public async Task<string> EndAsync(CancellationToken stop)
    {
        await AskAsync(".", "250", stop);
        return Convert.ToHexString(_digest.GetHashAndReset());
    }

    public void Dispose()
    {
        _socket.Dispose();
        _digest.Dispose();
    }

    private async Task AskAsync(string line, string code, CancellationToken stop)
    {
        await SendAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);
        await ExpectAsync(code, stop);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken stop)
    {
        while (!octets.IsEmpty)
        {
            octets = octets[await _socket.SendAsync(octets, stop)..];
        }
    }

    private async Task ExpectAsync(string code, CancellationToken stop)
    {
        var (buffer, end) = (new byte[4_096], 0);
        string last;
        do
        {
            var count = await _socket.ReceiveAsync(buffer.AsMemory(end), stop);
            Assert.That(count, Is.GreaterThan(0), "the engine has closed");
            end += count;
            last = Encoding.ASCII.GetString(buffer, 0, end).TrimEnd().Split("\r\n")[^1];
        }
        while (buffer[end - 1] != '\n' || last[3] == '-');

        Assert.That(last, Does.StartWith(code));
    }
}
