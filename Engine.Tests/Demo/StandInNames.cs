using System.Net;
using System.Net.Sockets;
using Engine.Dns;

namespace Engine.Tests.Demo;

/// <summary>Asks a responder over UDP, once and without a cache.</summary>
internal sealed class StandInNames(IPEndPoint server)
{
    private const ushort Size = 1_232;

    /// <summary>Addresses that take a domain's mail, in order of preference.</summary>
    public async Task<IReadOnlyList<IPAddress>> ExchangersAsync(string domain, CancellationToken stop)
    {
        var addresses = new List<IPAddress>();
        var exchangers = await AskAsync(domain, RecordType.Mx, stop);
        foreach (var exchanger in exchangers.OfType<DnsRecord.Mx>().OrderBy(static one => one.Preference))
        {
            var hosts = await AskAsync(exchanger.Host, RecordType.A, stop);
            addresses.AddRange(hosts.OfType<DnsRecord.Address>().Select(static one => one.Value));
        }

        return addresses;
    }

    private static List<DnsRecord> Read(byte[] message)
    {
        var records = new List<DnsRecord>();
        var at = DnsHeader.Length;
        if (!DnsHeader.TryRead(message, out var header) || !WireName.TrySkip(message, ref at))
        {
            return records;
        }

        var reader = new DnsReader(message, at + 4);
        for (var left = header.Answers; left > 0 && reader.TryRead(out var view); left--)
        {
            if (RecordReader.TryRead(message, view, out var record))
            {
                records.Add(record);
            }
        }

        return records;
    }

    private async Task<List<DnsRecord>> AskAsync(string name, RecordType type, CancellationToken stop)
    {
        using var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(server);
        var question = new byte[DnsQuery.MaxLength];
        var length = new DnsQuery(1, name, type) { UdpSize = Size }.Write(question);
        await client.SendAsync(question.AsMemory(0, length), stop);
        return Read((await client.ReceiveAsync(stop)).Buffer);
    }
}
