using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Engine.Tests.Delivery.Smtp;

namespace Engine.Tests.Delivery.Trust;

/// <summary>A server that offers STARTTLS with a chain of the test's, and counts how it was spoken to.</summary>
internal sealed class SecurePeer : IAsyncDisposable
{
    private readonly ScriptedPeer _peer;
    private readonly SslStreamCertificateContext? _context;
    private int _clear;
    private int _secured;

    private SecurePeer(X509Certificate2? leaf, X509Certificate2Collection above, string offer)
    {
        _context = leaf is null ? null : SslStreamCertificateContext.Create(leaf, above, offline: true);
        Offer = offer;
        _peer = ScriptedPeer.Start(TalkAsync);
    }

    public int Port => _peer.Address.Port;

    public CancellationToken Guard => _peer.Guard;

    /// <summary>SNI of the handshakes.</summary>
    public List<string> Names { get; } = [];

    public int Clear => _clear;

    public int Secured => _secured;

    private string Offer { get; }

    /// <param name="leaf">Null offers no STARTTLS.</param>
    /// <param name="above">Sent with it.</param>
    /// <param name="offer">A keyword offered within TLS.</param>
    public static SecurePeer Start(X509Certificate2? leaf, IEnumerable<X509Certificate2> above, string offer = "SIZE") => new(leaf, [.. above], offer);

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task TalkAsync(PeerTalk talk)
    {
        talk.Say("220 mx.example ESMTP");
        await talk.ReadLineAsync();
        talk.Say(_context is null ? "250-mx.example\r\n250 PIPELINING" : "250-mx.example\r\n250 STARTTLS");
        if (await talk.ReadLineAsync() is "STARTTLS")
        {
            talk.Say("220 Go");
            try
            {
                await talk.SecureAsync(_context!, Names.Add);
                Interlocked.Increment(ref _secured);
                if (await talk.ReadLineAsync() is not null)
                {
                    talk.Say($"250-mx.example\r\n250 {Offer}");
                    await talk.GoneAsync();
                }
            }
            catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client does not like what it sees.
            }

            return;
        }

        Interlocked.Increment(ref _clear);
    }
}
