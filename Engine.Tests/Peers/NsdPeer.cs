using System.Net;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Peers;

/// <summary>NSD, the name server that many block lists run, with zones of ours; its data can be changed while it runs.</summary>
internal sealed class NsdPeer : IAsyncDisposable
{
    /// <summary>Stands at the serial's own name; a wildcard of the test's answers there with another address.</summary>
    private static readonly DnsRecord.Address Mark = new(IPAddress.Parse("127.0.0.77"));

    private readonly PeerPort _port = PeerPort.Take();
    private readonly PeerDirectory _directory = new();
    private readonly Dictionary<string, string> _records;
    private PeerProcess? _process;
    private int _serial;

    private NsdPeer(Dictionary<string, string> zones)
    {
        _records = zones;
        Client = ListAsker.ClientOf(new DnsOptions { Servers = [_port.EndPoint.ToString()] }, TimeProvider.System, new UnguessableRandom());
        Asker = new ListAsker(Client, TimeProvider.System);
    }

    public DnsClient Client { get; }

    public ListAsker Asker { get; }

    public string Address => _port.EndPoint.ToString();

    /// <param name="zones">Lines of the zone file by zone, without SOA and NS; separated by <c>;</c>.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<NsdPeer> StartAsync(Dictionary<string, string> zones, CancellationToken stop)
    {
        var program = PeerProcess.Find("nsd", "nsd");
        var peer = new NsdPeer(zones);
        foreach (var zone in zones.Keys)
        {
            peer.Write(zone);
        }

        peer._process = PeerProcess.Start(program, peer._directory.Path, "-d", "-c", peer._directory.Write("nsd.conf", peer.Settings()));
        await peer._process.LineAsync("nsd started", stop);
        await DnsPeer.UntilAsync(async () => (await peer.AskAsync("ns", zones.Keys.First(), stop)).Status is LookupStatus.Found, stop);
        return peer;
    }

    /// <summary>Replaces a zone's records and waits until they are served.</summary>
    public async Task ChangeAsync(string zone, string records, CancellationToken stop)
    {
        _records[zone] = records;
        Write(zone);
        await PeerProcess.RunAsync("/bin/kill", string.Empty, stop, "-HUP", _process!.Id.ToString(provider: null));
        await DnsPeer.UntilAsync(async () => (await AskAsync($"v{_serial}", zone, stop)).Records.Contains(Mark), stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
        _port.Dispose();
    }

    private Task<DnsAnswer> AskAsync(string label, string zone, CancellationToken stop) => Client.AskPastCacheAsync(DomainName.Parse($"{label}.{zone}"), RecordType.A, stop);

    private void Write(string zone)
    {
        _serial++;
        _directory.Write($"{zone}.zone", $"""
            $ORIGIN {zone}.
            $TTL 300
            @ 3600 SOA ns hostmaster {_serial} 7200 3600 1209600 60
            @ NS ns
            ns A 127.0.0.1
            v{_serial} A {Mark.Value}
            {_records[zone].Replace(";", Environment.NewLine, StringComparison.Ordinal)}

            """);
    }

    private string Settings() => NsdConf.Of(_port, _directory, _records.Keys.Select(static zone => (zone, $"{zone}.zone")));
}
