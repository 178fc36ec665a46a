using System.Net;
using Engine.Dns;

namespace Engine.Tests.Dns;

/// <summary>One question as a <see cref="ScriptedResolver"/> got it, and replies to it.</summary>
/// <param name="Query">As read.</param>
/// <param name="Octets">As it came.</param>
/// <param name="OverTcp">How it came.</param>
/// <param name="From">Whence.</param>
/// <param name="Number">0 for the first question this resolver got.</param>
internal sealed record Asked(DnsQuery Query, byte[] Octets, bool OverTcp, IPEndPoint From, int Number)
{
    public static ResourceRecord Mx(string owner, ushort preference, string host, uint ttl = 300) => new(owner, ttl, new DnsRecord.Mx(preference, host));

    public static ResourceRecord Address(string owner, string address, uint ttl = 300) => new(owner, ttl, new DnsRecord.Address(IPAddress.Parse(address)));

    public static ResourceRecord Alias(string owner, string target, uint ttl = 300) => new(owner, ttl, new DnsRecord.Name(RecordType.Cname, target));

    public static ResourceRecord Start(string owner, uint minimum, uint ttl = 3_600) =>
        new(owner, ttl, new DnsRecord.Soa($"ns.{owner}", $"hostmaster.{owner}", 1, 7_200, 3_600, 1_209_600, minimum));

    public byte[] Found(params ResourceRecord[] answers) => Write(new DnsResponse(Query, ResponseCode.NoError) { Answers = answers });

    public byte[] NoData(uint minimum) => Write(new DnsResponse(Query, ResponseCode.NoError) { Authorities = [Start("example", minimum)] });

    public byte[] NoSuchName(uint minimum) => Write(new DnsResponse(Query, ResponseCode.NoSuchName) { Authorities = [Start("example", minimum)] });

    public byte[] Code(ResponseCode code) => Write(new DnsResponse(Query, code));

    public byte[] Truncated() => Write(new DnsResponse(Query, ResponseCode.NoError) { IsTruncated = true });

    public static byte[] Write(DnsResponse response)
    {
        var octets = new byte[ushort.MaxValue];
        return octets[..response.Write(octets)];
    }
}
