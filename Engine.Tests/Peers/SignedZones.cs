using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>A signed zone and one that is not, served by NSD, and Unbound before them, which validates or does not.</summary>
internal sealed class SignedZones : IAsyncDisposable
{
    public const string Signed = "dane.example";
    public const string Plain = "plain.example";

    private readonly PeerPort _server = PeerPort.Take();
    private readonly PeerPort _resolver = PeerPort.Take();
    private readonly PeerPort _simple = PeerPort.Take();
    private readonly PeerDirectory _directory = new();
    private readonly List<PeerProcess> _processes = [];

    private SignedZones()
    {
        Dns = new MailDns(new DnsOptions { Servers = [_resolver.EndPoint.ToString()] }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
        WithoutValidation = new MailDns(new DnsOptions { Servers = [_simple.EndPoint.ToString()] }, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
    }

    /// <summary>The resolver that validates, for an engine.</summary>
    public string Server => _resolver.EndPoint.ToString();

    /// <summary>Over a resolver that validates.</summary>
    public MailDns Dns { get; }

    /// <summary>Over one that does not.</summary>
    public MailDns WithoutValidation { get; }

    /// <param name="signed">Lines of the signed zone beside SOA and NS.</param>
    /// <param name="plain">Of the other.</param>
    /// <param name="spoil">Changes the signed file, so that a signature does not fit.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<SignedZones> StartAsync(string signed, string plain, Func<string, string> spoil, CancellationToken stop)
    {
        var nsd = PeerProcess.Find("nsd", "nsd");
        var unbound = PeerProcess.Find("unbound", "unbound");
        PeerProcess.Find("ldns-signzone", "ldnsutils");
        var zones = new SignedZones();
        try
        {
            await zones.SignAsync(signed, spoil, stop);
            zones._directory.Write($"{Plain}.zone", Zone(Plain, plain));
            var server = PeerProcess.Start(nsd, zones._directory.Path, "-d", "-c", zones._directory.Write("nsd.conf", NsdConf.Of(zones._server, zones._directory, [(Signed, "signed.zone"), (Plain, $"{Plain}.zone")])));
            zones._processes.Add(server);
            await server.LineAsync("nsd started", stop);
            foreach (var (port, validates) in ((PeerPort, bool)[])[(zones._resolver, true), (zones._simple, false)])
            {
                var resolver = PeerProcess.Start(unbound, zones._directory.Path, "-d", "-p", "-c", zones._directory.Write($"unbound-{validates}.conf", zones.UnboundConf(port, validates)));
                zones._processes.Add(resolver);
                await resolver.LineAsync("start of service", stop);
            }

            await DnsPeer.UntilAsync(async () => (await zones.Dns.Client.AskPastCacheAsync(DomainName.Parse($"ns.{Plain}"), RecordType.A, stop)).Status is LookupStatus.Found, stop);
            return zones;
        }
        catch
        {
            await zones.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Dns.DisposeAsync();
        await WithoutValidation.DisposeAsync();
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _directory.Dispose();
        _server.Dispose();
        _resolver.Dispose();
        _simple.Dispose();
    }

    private static string Zone(string zone, string records) => $"""
        $ORIGIN {zone}.
        $TTL 300
        @ 3600 SOA ns hostmaster 1 7200 3600 1209600 60
        @ NS ns
        ns A 127.0.0.1
        {records.ReplaceLineEndings("\n")}

        """;

    private async Task SignAsync(string records, Func<string, string> spoil, CancellationToken stop)
    {
        _directory.Write($"{Signed}.zone", Zone(Signed, records));
        var script = $"""
            set -e
            cd {_directory.Path}
            ksk=$(ldns-keygen -k -a ECDSAP256SHA256 -r /dev/urandom {Signed})
            zsk=$(ldns-keygen -a ECDSAP256SHA256 -r /dev/urandom {Signed})
            ldns-signzone -o {Signed} -f signed.zone {Signed}.zone $ksk $zsk
            cp $ksk.key anchor.key
            """;
        var signed = await PeerProcess.RunAsync("/bin/sh", string.Empty, stop, "-c", script.ReplaceLineEndings("\n"));
        Assert.That(signed.ExitCode, Is.Zero, signed.Error);
        _directory.Write("signed.zone", spoil(await File.ReadAllTextAsync(_directory.PathTo("signed.zone"), stop)));
    }

    private string UnboundConf(PeerPort port, bool validates) => $"""
        server:
          interface: 127.0.0.1@{port}
          do-daemonize: no
          chroot: ""
          username: ""
          pidfile: ""
          use-syslog: no
          verbosity: 1
          do-ip6: no
          num-threads: 1
          module-config: "{(validates ? "validator iterator" : "iterator")}"
          {(validates ? $"trust-anchor-file: \"{_directory.PathTo("anchor.key")}\"" : string.Empty)}
          do-not-query-localhost: no
          access-control: 127.0.0.0/8 allow
        stub-zone:
          name: {Signed}
          stub-addr: 127.0.0.1@{_server}
        stub-zone:
          name: {Plain}
          stub-addr: 127.0.0.1@{_server}
        remote-control:
          control-enable: no

        """;
}
