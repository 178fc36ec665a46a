using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Engine.Tests.Wire;

/// <summary>A web server of a test, on loopback: says what the test says, octet by octet, and keeps the requests. One answer a connection.</summary>
internal sealed class HttpsPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Func<SslStream, CancellationToken, Task> _answer;
    private readonly SslProtocols _protocols;
    private readonly List<string> _requests = [];
    private readonly List<Task> _talks = [];
    private readonly Task _accepting;

    /// <param name="certificate">The server's; owned from now on.</param>
    /// <param name="answer">After the request's head has been read.</param>
    /// <param name="protocols">Offered.</param>
    public HttpsPeer(X509Certificate2 certificate, Func<SslStream, CancellationToken, Task> answer, SslProtocols protocols = SslProtocols.None)
    {
        (_certificate, _answer, _protocols) = (certificate, answer, protocols);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    /// <summary>Heads and bodies as they came.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Names asked for in the handshake.</summary>
    public string? ServerName { get; private set; }

    /// <summary>One that answers with these octets.</summary>
    public static HttpsPeer Saying(X509Certificate2 certificate, string answer) =>
        new(certificate, (stream, stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), stop).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_talks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            Connections++;
            _talks.Add(TalkAsync(socket));
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _protocols }, _stop.Token);
        ServerName = stream.TargetHostName;
        var request = await ReadAsync(stream);
        lock (_requests)
        {
            _requests.Add(request);
        }

        await _answer(stream, _stop.Token);
        await stream.ShutdownAsync();
    }

    private async Task<string> ReadAsync(SslStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var whole = text.ToString();
            var end = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (end >= 0 && whole.Length >= end + 4 + LengthIn(whole)))
            {
                return whole;
            }
        }
    }

    private static int LengthIn(string head) =>
        head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line ? int.Parse(line.Split(':')[1], provider: null) : 0;
}
