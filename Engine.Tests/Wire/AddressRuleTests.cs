using System.Net;
using Engine.Wire;

namespace Engine.Tests.Wire;

internal sealed class AddressRuleTests
{
    // First and last address of each block of the IANA special-purpose registries, and its neighbours.
    [TestCase("0.0.0.0 0.255.255.255", false, TestName = "This network, RFC 791")]
    [TestCase("10.0.0.0 10.255.255.255", false, TestName = "Private use 10/8, RFC 1918")]
    [TestCase("9.255.255.255 11.0.0.0", true, TestName = "Beside 10/8")]
    [TestCase("100.64.0.0 100.127.255.255", false, TestName = "Shared address space, RFC 6598")]
    [TestCase("100.63.255.255 100.128.0.0", true, TestName = "Beside 100.64/10")]
    [TestCase("127.0.0.0 127.0.0.1 127.255.255.255", false, TestName = "Loopback, RFC 1122")]
    [TestCase("126.255.255.255 128.0.0.0", true, TestName = "Beside 127/8")]
    [TestCase("169.254.0.0 169.254.169.254 169.254.255.255", false, TestName = "Link-local, RFC 3927")]
    [TestCase("169.253.255.255 169.255.0.0", true, TestName = "Beside 169.254/16")]
    [TestCase("172.16.0.0 172.31.255.255", false, TestName = "Private use 172.16/12, RFC 1918")]
    [TestCase("172.15.255.255 172.32.0.0", true, TestName = "Beside 172.16/12")]
    [TestCase("192.0.0.0 192.0.0.8 192.0.0.11 192.0.0.170 192.0.0.255", false, TestName = "IETF protocol assignments, RFC 6890")]
    [TestCase("192.0.0.9 192.0.0.10", true, TestName = "PCP and TURN anycast, RFC 7723 and 8155")]
    [TestCase("192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255", false, TestName = "Documentation, RFC 5737")]
    [TestCase("192.0.1.0 192.0.3.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0", true, TestName = "Beside documentation")]
    [TestCase("192.31.196.1 192.52.193.1 192.175.48.1", true, TestName = "AS112 and AMT, RFC 7535, 7450 and 7534")]
    [TestCase("192.88.99.0 192.88.99.255", false, TestName = "6to4 relay anycast, RFC 7526")]
    [TestCase("192.168.0.0 192.168.255.255", false, TestName = "Private use 192.168/16, RFC 1918")]
    [TestCase("192.167.255.255 192.169.0.0", true, TestName = "Beside 192.168/16")]
    [TestCase("198.18.0.0 198.19.255.255", false, TestName = "Benchmarking, RFC 2544")]
    [TestCase("198.17.255.255 198.20.0.0", true, TestName = "Beside benchmarking")]
    [TestCase("224.0.0.0 239.255.255.255", false, TestName = "Multicast, RFC 5771")]
    [TestCase("240.0.0.0 255.255.255.254 255.255.255.255", false, TestName = "Reserved and broadcast, RFC 1112 and 8190")]
    [TestCase("1.1.1.1 8.8.8.8 223.255.255.255", true, TestName = "Global IPv4")]
    [TestCase(":: ::1", false, TestName = "Unspecified and loopback, RFC 4291")]
    [TestCase("::ffff:8.8.8.8 ::ffff:127.0.0.1 ::ffff:0:0", false, TestName = "IPv4-mapped, RFC 4291")]
    [TestCase("::8.8.8.8", false, TestName = "IPv4-compatible, RFC 4291")]
    [TestCase("64:ff9b::8.8.8.8", true, TestName = "NAT64 of a global address, RFC 6052")]
    [TestCase("64:ff9b::10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::169.254.169.254", false, TestName = "NAT64 of another, RFC 6052")]
    [TestCase("64:ff9b:1::1 64:ff9b:1::8.8.8.8", false, TestName = "Local NAT64, RFC 8215")]
    [TestCase("100::1 100:0:0:1::1", false, TestName = "Discard and dummy, RFC 6666 and 9780")]
    [TestCase("2001::1 2001:0:ffff::1", false, TestName = "Teredo, RFC 4380")]
    [TestCase("2001:1::1 2001:1::2 2001:1::3 2001:3::1 2001:4:112::1 2001:20::1 2001:3f::1", true, TestName = "What is global of 2001::/23")]
    [TestCase("2001:1:: 2001:2::1 2001:10::1 2001:1ff:ffff::1", false, TestName = "Protocol assignments, benchmarking, ORCHID, RFC 2928, 5180 and 4843")]
    [TestCase("2001:200::1 2001:db7::1 2001:db9::1", true, TestName = "Beside them")]
    [TestCase("2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1", false, TestName = "Documentation, RFC 3849 and 9637")]
    [TestCase("2002:808:808::1", true, TestName = "6to4 of a global address, RFC 3056")]
    [TestCase("2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1", false, TestName = "6to4 of another, RFC 3056")]
    [TestCase("2620:4f:8000::1 2606:4700::1111 2a00:1450::1a 2000::1", true, TestName = "Global IPv6")]
    [TestCase("4000::1 5f00::1 8000::1 1::1", false, TestName = "Not given out, and SRv6, RFC 9602")]
    [TestCase("fc00::1 fdff::1", false, TestName = "Unique local, RFC 4193")]
    [TestCase("fe80::1 febf::1 fec0::1", false, TestName = "Link-local and site-local, RFC 4291 and 3879")]
    [TestCase("ff00::1 ff02::1 ffff::1", false, TestName = "Multicast IPv6, RFC 4291")]
    public void The_registries_decide(string addresses, bool isGlobal)
    {
        foreach (var address in addresses.Split(' '))
        {
            Assert.That(AddressRule.IsGlobal(IPAddress.Parse(address)), Is.EqualTo(isGlobal), address);
        }
    }

    [TestCase("127.0.0.9:2525", AddressOrigin.Resolved, true, Description = "in an allowed network")]
    [TestCase("127.0.0.1:2525", AddressOrigin.Resolved, false, Description = "a listener of ours")]
    [TestCase("127.0.0.1:2525", AddressOrigin.Written, false, Description = "a listener of ours, whoever names it")]
    [TestCase("127.0.0.1:26", AddressOrigin.Resolved, true)]
    [TestCase("127.0.0.1:25", AddressOrigin.Resolved, false, Description = "the wildcard listener on loopback")]
    [TestCase("9.9.9.9:25", AddressOrigin.Resolved, false, Description = "the wildcard listener on our global address")]
    [TestCase("9.9.9.8:25", AddressOrigin.Resolved, true)]
    [TestCase("10.0.0.9:25", AddressOrigin.Resolved, false)]
    [TestCase("10.0.0.9:25", AddressOrigin.Written, true)]
    [TestCase("[fd00::9]:25", AddressOrigin.Written, true)]
    [TestCase("[::1]:25", AddressOrigin.Resolved, false)]
    [TestCase("[::ffff:127.0.0.9]:2525", AddressOrigin.Resolved, false)]
    public void Allowed_networks_open_and_our_listeners_close(string target, AddressOrigin origin, bool allowed)
    {
        var rule = new AddressRule(
            [IPNetwork.Parse("127.0.0.0/8")],
            [IPEndPoint.Parse("127.0.0.1:2525"), IPEndPoint.Parse("0.0.0.0:25")],
            [IPAddress.Parse("9.9.9.9")]);

        Assert.That(rule.Allows(IPEndPoint.Parse(target), origin), Is.EqualTo(allowed));
    }
}
