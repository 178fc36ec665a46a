using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Engine.Tests.Delivery.Smtp;

namespace Engine.Tests.Delivery.Trust;

/// <summary>A server that takes every message, within TLS, and notes the envelope and content of each with the number of its connection.</summary>
internal sealed class TakingPeer : IAsyncDisposable
{
    private readonly ScriptedPeer _peer;
    private readonly SslStreamCertificateContext _context;
    private readonly string _offer;
    private readonly SemaphoreSlim _arrived = new(0);
    private int _connections;

    private TakingPeer(X509Certificate2 leaf, X509Certificate2 root, string offer)
    {
        (_context, _offer) = (SslStreamCertificateContext.Create(leaf, [root], offline: true), offer);
        _peer = ScriptedPeer.Start(TalkAsync);
    }

    public int Port => _peer.Address.Port;

    public int Connections => Volatile.Read(ref _connections);

    public ConcurrentQueue<(int Connection, string Mail, string Content)> Taken { get; } = [];

    public static TakingPeer Start(X509Certificate2 leaf, X509Certificate2 root, string offer) => new(leaf, root, offer);

    /// <summary>Waits for one more.</summary>
    public Task ArrivedAsync(CancellationToken stop) => _arrived.WaitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TalkAsync(PeerTalk talk)
    {
        var connection = Interlocked.Increment(ref _connections);
        talk.Say("220 taking.test");
        await talk.ReadLineAsync();
        talk.Say("250-taking.test\r\n250 STARTTLS");
        if (await talk.ReadLineAsync() is not "STARTTLS")
        {
            return;
        }

        talk.Say("220 Go");
        await talk.SecureAsync(_context, static _ => { });
        var mail = string.Empty;
        while (await talk.ReadLineAsync() is { } line)
        {
            if (line is "DATA")
            {
                talk.Say("354 Go");
                Taken.Enqueue((connection, mail, await talk.ReadContentAsync() ?? string.Empty));
                _arrived.Release();
            }

            mail = line.StartsWith("MAIL", StringComparison.Ordinal) ? line : mail;
            talk.Say(line.StartsWith("EHLO", StringComparison.Ordinal) ? $"250-taking.test\r\n250-PIPELINING\r\n250 {_offer}" : "250 Ok");
            if (line is "QUIT")
            {
                return;
            }
        }
    }
}
