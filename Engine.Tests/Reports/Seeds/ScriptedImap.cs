using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Engine.Tests.Reports.Seeds;

/// <summary>An IMAP server that says what a test wants. One connection; TLS from the first octet, or never.</summary>
internal sealed class ScriptedImap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="greeting">Sent first; empty keeps silent.</param>
    /// <param name="reply">What follows a line of the client, which is given without its tag; <c>TAG</c> stands for that. Null closes.</param>
    /// <param name="authority">Its certificate; null speaks in the clear.</param>
    public ScriptedImap(string greeting, Func<string, string?> reply, TestAuthority? authority)
    {
        _listener.Start();
        _serving = ServeAsync(greeting, reply, authority);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every line the client sent.</summary>
    public List<string> Heard { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync(string greeting, Func<string, string?> reply, TestAuthority? authority)
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        Stream stream = client.GetStream();
        if (authority is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = authority.Server }, _stop.Token);
            stream = tls;
        }

        await using var _ = stream;
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(greeting), _stop.Token);
        var tag = string.Empty;
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            Heard.Add(line);
            var isCommand = line.StartsWith('E') && line.Contains(' ', StringComparison.Ordinal);
            tag = isCommand ? line.Split(' ')[0] : tag;
            if (reply(isCommand ? line[(tag.Length + 1)..] : line) is not { } answer)
            {
                return;
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer.Replace("TAG", tag, StringComparison.Ordinal)), _stop.Token);
        }
    }
}
