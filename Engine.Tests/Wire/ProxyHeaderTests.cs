using System.Net;
using Engine.Wire;

namespace Engine.Tests.Wire;

internal sealed class ProxyHeaderTests
{
    // The rows are laid out by hand after haproxy.org, doc/proxy-protocol.txt §2.2.
    [TestCase("198.51.100.3", 0, "203.0.113.9", 25, "0D0A0D0A000D0A515549540A 21 11 000C C6336403 CB007109 0000 0019")]
    [TestCase("10.0.0.1", 1_024, "10.0.0.2", 65_535, "0D0A0D0A000D0A515549540A 21 11 000C 0A000001 0A000002 0400 FFFF")]
    [TestCase("2001:db8::3", 0, "2001:db8:1::25", 587, "0D0A0D0A000D0A515549540A 21 21 0024 20010DB8000000000000000000000003 20010DB8000100000000000000000025 0000 024B")]
    public void It_names_both_ends_in_network_order(string source, int sourcePort, string target, int targetPort, string expected)
    {
        var header = new byte[ProxyHeader.MaxLength];

        var length = ProxyHeader.Write(header, new IPEndPoint(IPAddress.Parse(source), sourcePort), new IPEndPoint(IPAddress.Parse(target), targetPort));

        Assert.That(Convert.ToHexString(header, 0, length), Is.EqualTo(expected.Replace(" ", string.Empty, StringComparison.Ordinal)));
    }

    [Test]
    public void Two_families_are_no_connection() => Assert.That(
        static () => ProxyHeader.Write(new byte[ProxyHeader.MaxLength], new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 25)),
        Throws.ArgumentException);
}
