using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>The server's side of one scripted connection. Replies wait until the script needs more input, as RFC 2920 §3.2 has it.</summary>
internal sealed class PeerTalk(Socket socket, CancellationToken stop) : IAsyncDisposable
{
    private readonly List<byte> _unsent = [];
    private readonly List<byte> _input = [];
    private Stream _stream = new NetworkStream(socket, ownsSocket: false);
    private bool _isClosed;

    public List<string> Commands { get; } = [];

    /// <summary>Octets the client sent that no step has asked for yet.</summary>
    public int Waiting => _input.Count;

    public PeerTalk Say(string reply) => SayRaw(reply + "\r\n");

    public PeerTalk SayRaw(string octets)
    {
        _unsent.AddRange(Encoding.Latin1.GetBytes(octets));
        return this;
    }

    public async Task FlushAsync()
    {
        if (_unsent.Count > 0 && !_isClosed)
        {
            var octets = _unsent.ToArray();
            _unsent.Clear();
            await _stream.WriteAsync(octets, stop);
        }
    }

    /// <summary>The next command line without its end; null when the client has gone.</summary>
    public async Task<string?> ReadLineAsync()
    {
        int end;
        while ((end = _input.IndexOf((byte)'\n')) < 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var line = Encoding.Latin1.GetString([.. _input[..(end + 1)]]).TrimEnd('\r', '\n');
        _input.RemoveRange(0, end + 1);
        Commands.Add(line);
        return line;
    }

    /// <summary>The next command must start so.</summary>
    public async Task<string> ExpectAsync(string start)
    {
        var line = await ReadLineAsync() ?? "(gone)";
        Assert.That(line, Does.StartWith(start));
        return line;
    }

    /// <summary>One dot-stuffed content, as a strict receiver reads it.</summary>
    public async Task<string?> ReadContentAsync()
    {
        int end;
        while ((end = Terminator()) < 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var content = StrictDotReader.Read(_input[..end].ToArray());
        _input.RemoveRange(0, end);
        return Encoding.Latin1.GetString(content!);
    }

    public async Task<string?> ReadOctetsAsync(int count)
    {
        while (_input.Count < count)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var octets = Encoding.Latin1.GetString([.. _input[..count]]);
        _input.RemoveRange(0, count);
        return octets;
    }

    /// <summary>Waits until the client closes. What it still sends is dropped.</summary>
    public async Task GoneAsync()
    {
        while (await FillAsync())
        {
            _input.Clear();
        }
    }

    public async Task SecureAsync(X509Certificate2 certificate)
    {
        await FlushAsync();
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
    }

    /// <param name="context">The chain to send.</param>
    /// <param name="named">Told the SNI; empty for none.</param>
    public async Task SecureAsync(SslStreamCertificateContext context, Action<string> named)
    {
        await FlushAsync();
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
            (_, hello, _, _) =>
            {
                named(hello.ServerName);
                return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = context });
            },
            null,
            stop);
    }

    /// <summary>Sends what waits, then closes in order.</summary>
    public async Task CloseAsync()
    {
        await FlushAsync();
        _isClosed = true;
        socket.Shutdown(SocketShutdown.Both);
        socket.Close();
    }

    /// <summary>Sends what waits, then resets the connection.</summary>
    public async Task DropAsync()
    {
        await FlushAsync();
        _isClosed = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private int Terminator()
    {
        var input = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_input);
        if (input.StartsWith(".\r\n"u8))
        {
            return 3;
        }

        var at = input.IndexOf("\r\n.\r\n"u8);
        return at < 0 ? -1 : at + 5;
    }

    private async Task<bool> FillAsync()
    {
        if (_isClosed)
        {
            return false;
        }

        var buffer = new byte[65_536];
        try
        {
            await FlushAsync();
            var count = await _stream.ReadAsync(buffer, stop);
            _input.AddRange(buffer[..count]);
            return count > 0;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
