using System.Net;
using System.Security.Cryptography.X509Certificates;
using Engine.Dns;

namespace Engine.Demo;

/// <summary>Receivers on 127.0.0.2, 127.0.0.3 and so on, all on one port, with the DNS that leads to them.</summary>
internal sealed class ReceiverStreet : IAsyncDisposable
{
    private readonly IReadOnlyList<ReceiverHouse> _houses;
    private readonly IReadOnlyList<DemoReceiver> _receivers;

    private ReceiverStreet(IReadOnlyList<ReceiverHouse> houses, IReadOnlyList<DemoReceiver> receivers) => (_houses, _receivers) = (houses, receivers);

    /// <summary>The port of all.</summary>
    public int Port => _receivers[0].EndPoint.Port;

    /// <summary>In the order of the houses.</summary>
    public IReadOnlyList<DemoReceiver> Receivers => _receivers;

    /// <summary>All domains of all houses.</summary>
    public IReadOnlyList<string> Domains => [.. _houses.SelectMany(static house => house.Domains)];

    /// <summary>The three of the demo: one greylists, one refuses some, one has TLS and CHUNKING.</summary>
    public static IReadOnlyList<ReceiverHouse> OfDemo(X509Certificate2 certificate) =>
    [
        new(["grey.demo.test", "grey-too.demo.test"], new ReceiverScript { Hostname = "mx.grey.demo.test", Greylist = TimeSpan.FromSeconds(2) }),
        new(["strict.demo.test"], new ReceiverScript { Hostname = "mx.strict.demo.test", RefusedPrefix = "gone" }),
        new(
            ["modern.demo.test", "modern-too.demo.test"],
            new ReceiverScript
            {
                Hostname = "mx.modern.demo.test",
                Certificate = certificate,
                Offers = new ReceiverScript().Offers | ReceiverOffers.Chunking | ReceiverOffers.StartTls,
            }),
    ];

    /// <summary>Opens the receivers and enters MX and A records for them.</summary>
    public static async Task<ReceiverStreet> OpenAsync(
        IReadOnlyList<ReceiverHouse> houses, DnsTable names, Ledger ledger, TimeProvider clock, TakenAsync? taken)
    {
        var addresses = houses.Select(static (_, index) => new IPAddress([127, 0, 0, (byte)(index + 2)])).ToArray();
        var receivers = await Loopback.OnOnePortAsync(
            addresses,
            (index, endPoint) => new DemoReceiver(houses[index].Script, endPoint, ledger, clock, taken),
            static receiver => receiver.EndPoint.Port);
        foreach (var (house, address) in houses.Zip(addresses))
        {
            names.Add(house.Script.Hostname, new DnsRecord.Address(address));
            foreach (var domain in house.Domains)
            {
                names.Add(domain, new DnsRecord.Mx(10, house.Script.Hostname));
            }
        }

        return new ReceiverStreet(houses, receivers);
    }

    /// <summary>Whether a recipient is to be refused, as its receiver's script says.</summary>
    public bool Refuses(string recipient)
    {
        var domain = recipient[(recipient.LastIndexOf('@') + 1)..];
        return _houses.Any(house => house.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase) && house.Script.Refuses(recipient));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers)
        {
            await receiver.DisposeAsync();
        }
    }
}
