using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Engine.Tests.Submission;

/// <summary>A client that sends what a test writes and reads replies, one reply at a time.</summary>
internal sealed class ScriptedClient : IAsyncDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationToken _stop;
    private readonly StringBuilder _pending = new();
    private System.IO.Stream _stream = System.IO.Stream.Null;

    private ScriptedClient(CancellationToken stop) => _stop = stop;

    public static async Task<ScriptedClient> ConnectAsync(IPEndPoint server, CancellationToken stop)
    {
        var client = new ScriptedClient(stop);
        await client.OpenAsync(server);
        return client;
    }

    public async Task SecureAsync()
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "mta1.example.com", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=mta1.example.com" },
            _stop);
    }

    /// <summary>Sends octets (Latin-1) and waits for nothing.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        await _stream.WriteAsync(octets, _stop);
        await _stream.FlushAsync(_stop);
    }

    /// <summary>Sends a command and reads its reply.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The next reply: its last line, without CRLF. Null when the server has closed.</summary>
    public async Task<string> ReplyAsync()
    {
        while (true)
        {
            var line = await LineAsync();
            if (line is null || line.Length < 4 || line[3] != '-')
            {
                return line ?? "closed";
            }
        }
    }

    /// <summary>Says that nothing more will come.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Everything the server says until it closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return _pending.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task OpenAsync(IPEndPoint server)
    {
        await _socket.ConnectAsync(server, _stop);
        _stream = new NetworkStream(_socket, ownsSocket: false);
    }

    private async Task<string?> LineAsync()
    {
        while (true)
        {
            var text = _pending.ToString();
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _ = _pending.Remove(0, end + 2);
                return text[..end];
            }

            if (!await ReadAsync())
            {
                return null;
            }
        }
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[4_096];
        try
        {
            var count = await _stream.ReadAsync(buffer, _stop);
            _ = _pending.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return count > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
