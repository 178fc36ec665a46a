using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Wire;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>A server on loopback that plays a script on each connection. What the script asserts surfaces when it is disposed.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    // Longer than tests wait themselves: their own words come first.
    private readonly CancellationTokenSource _guard = new(TimeSpan.FromSeconds(60));
    private readonly Func<PeerTalk, Task> _script;
    private readonly Task _running;
    private readonly List<Task> _talks = [];

    private ScriptedPeer(Func<PeerTalk, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _running = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Ends everything a test waits for, should it hang.</summary>
    public CancellationToken Guard => _guard.Token;

    public static ScriptedPeer Start(Func<PeerTalk, Task> script) => new(script);

    public static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.test", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
    }

    /// <summary>A session over a new connection, not yet opened.</summary>
    public async Task<SmtpSession> ConnectAsync(TlsPolicy tls = TlsPolicy.Opportunistic, HostMemory? memory = null, TimeProvider? clock = null, Func<SessionSettings, SessionSettings>? adjust = null)
    {
        clock ??= TimeProvider.System;
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []);
        var connected = await new Connector(rule, clock).ConnectAsync(null, Address, AddressOrigin.Resolved, TimeSpan.FromSeconds(10), Guard);
        var settings = new SessionSettings("client.test", "mx.test", tls, new TimeoutOptions());
        return new SmtpSession(connected.Connection!, adjust?.Invoke(settings) ?? settings, memory ?? new HostMemory(clock, TimeSpan.FromHours(1)), clock);
    }

    /// <summary>A session that is ready.</summary>
    public async Task<SmtpSession> OpenAsync(HostMemory? memory = null, TimeProvider? clock = null)
    {
        var session = await ConnectAsync(memory: memory, clock: clock);
        var opened = await session.OpenAsync(Guard);
        Assert.That(opened.State, Is.EqualTo(OpenState.Ready));
        return session;
    }

    /// <summary>Waits for every script that was started, and for what it asserted.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running;
        await Task.WhenAll(_talks);
        _guard.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _talks.Add(PlayAsync(await _listener.AcceptAsync(Guard)));
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PlayAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            await using var talk = new PeerTalk(socket, Guard);
            await _script(talk);
            await talk.FlushAsync();
        }
    }
}
