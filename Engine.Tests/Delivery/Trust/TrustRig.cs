using System.Net;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Delivery;
using Engine.Delivery.Dane;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Wire;

namespace Engine.Tests.Delivery.Trust;

/// <summary>A session opener with names and roots of the test's. Exchangers are on loopback.</summary>
internal sealed class TrustRig : IMailDns, IAsyncDisposable
{
    private readonly SessionCache<SmtpSession> _cache = new(TimeProvider.System, TimeSpan.FromSeconds(30), 10);
    private readonly DeliveryMeter _meter = new();
    private readonly Source _source = new(new SourceId(1), "default", null, null, "client.test");

    public TrustRig()
    {
        Opener = new SessionOpener(_cache, Memory, TimeProvider.System, new Random(1), _meter) { Results = Told };
    }

    public CollectedTls Told { get; } = new();

    public HostMemory Memory { get; } = new(TimeProvider.System, TimeSpan.FromHours(1));

    public SessionOpener Opener { get; }

    public Dictionary<string, AddressAnswer> Addresses { get; } = [];

    public TlsPolicy Policy { get; set; }

    public AddressFamilyChoice Family { get; set; } = AddressFamilyChoice.Ipv4First;

    public X509Certificate2? Root { get; set; }

    public DaneDesk? Dane { get; set; }

    public IMailDns? Dns { get; set; }

#pragma warning disable CA1068 // The hosts are as many as there are, and so come last.
    public Task<Opened> OpenAsync(CancellationToken stop, TlsRequirement requirement, params (string Host, int Port)[] hosts) => OpenAsync(stop, requirement, TlsWish.Usual, hosts);

    public async Task<Opened> OpenAsync(CancellationToken stop, TlsRequirement requirement, TlsWish wish, params (string Host, int Port)[] hosts)
    {
        var roots = Root is { } root ? new TrustedRoots([X509CertificateLoader.LoadCertificate(root.RawData)]) : TrustedRoots.OfSystem();
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []);
        var needs = new OpeningNeeds(Dns ?? this, new Connector(rule, TimeProvider.System), new TimeoutOptions(), Policy, Family, 100) { Roots = roots, Dane = Dane };
        var destination = new Destination(new DestinationId(1), hosts[0].Host, null, [.. hosts.Select((host, index) => new ExchangerHost((ushort)index, host.Host, null, host.Port))]) { Tls = requirement };
        return await Opener.OpenAsync(needs, _source, destination, new SessionWish(wish, DomainName.Parse("rcpt.example")), stop);
    }

    /// <summary>Opens, closes, and says what it came to: <c>Ready</c> with the proof, <c>clear</c>, or the failure with its code and text.</summary>
    public async Task<string> TryAsync(CancellationToken stop, TlsRequirement requirement, TlsWish wish, params (string Host, int Port)[] hosts)
    {
        var opened = await OpenAsync(stop, requirement, wish, hosts);
        if (opened.Session is not { } session)
        {
            return $"{opened.Failure} {opened.Verdict.Enhanced} {opened.Verdict.Text}";
        }

        await using (session)
        {
            return session.Tls is { } tls ? $"{opened.Mx} {tls.Proof}" : $"{opened.Mx} clear";
        }
    }
#pragma warning restore CA1068

    /// <summary>Leaves a session in the cache.</summary>
    public async Task KeepAsync(Opened opened) => await _cache.PutAsync(opened.Key, opened.Session!);

    public ValueTask<MxAnswer> FindExchangersAsync(DomainName domain, CancellationToken stop) => throw new InvalidOperationException("Nobody asks.");

    public ValueTask<AddressAnswer> FindAddressesAsync(DomainName host, CancellationToken stop) =>
        new(Addresses.GetValueOrDefault(host.Name) ?? new AddressAnswer(LookupStatus.Found, [IPAddress.Loopback], IsAuthentic: false, DateTimeOffset.MaxValue));

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _meter.Dispose();
    }
}
