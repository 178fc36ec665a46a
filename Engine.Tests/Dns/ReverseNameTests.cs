using System.Net;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Tests.Dns;

internal sealed class ReverseNameTests
{
    [TestCase("192.0.2.10", "10.2.0.192.in-addr.arpa")]
    [TestCase("2001:db8::1f", "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void An_address_is_turned_around(string address, string expected) =>
        Assert.That(ReverseName.Of(IPAddress.Parse(address)).Name, Is.EqualTo(expected));

    [Test]
    public void An_address_is_turned_around_under_a_list() =>
        Assert.That(ReverseName.Under(IPAddress.Parse("127.0.0.2"), DomainName.Parse("zen.example")).Name, Is.EqualTo("2.0.0.127.zen.example"));
}
