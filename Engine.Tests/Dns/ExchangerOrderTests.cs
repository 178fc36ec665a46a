using System.Net;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Tests.Dns;

internal sealed class ExchangerOrderTests
{
    // Ourselves: host me.example and address 192.0.2.9, which is also that of alias.example.
    [TestCase("10 a, 20 b", "10 a, 20 b", false)]
    [TestCase("10 a, 20 me, 30 b", "10 a", false, Description = "only better ones than we are")]
    [TestCase("10 a, 20 b, 20 me", "10 a", false, Description = "our equals are left out too")]
    [TestCase("10 a, 20 alias, 30 b", "10 a", false, Description = "known by address")]
    [TestCase("5 x, 10 me, 20 alias, 30 b", "5 x", false, Description = "our best place counts")]
    [TestCase("10 me", "", true)]
    [TestCase("10 me, 20 a", "", true)]
    [TestCase("10 a, 10 alias", "", true)]
    [TestCase("", "", false, Description = "nothing to try is no loop")]
    public void We_and_what_is_not_better_are_left_out(string hosts, string expected, bool loops)
    {
        var plan = Arrange(hosts, new Random(1));

        Assert.That(string.Join(", ", plan.Hosts.Select(Text)), Is.EqualTo(expected));
        Assert.That(plan.LoopsBack, Is.EqualTo(loops));
    }

    [Test]
    public void Those_of_equal_preference_are_shuffled_and_no_others()
    {
        var orders = Enumerable.Range(0, 200).Select(seed => string.Join(", ", Arrange("5 x, 10 a, 10 b, 10 c, 20 y", new Random(seed)).Hosts.Select(Text))).ToList();

        Assert.That(orders.Distinct().Count(), Is.EqualTo(6));
        Assert.That(orders, Has.All.StartsWith("5 x, 10 ").And.All.EndsWith(", 20 y"));
    }

    [Test]
    public void The_same_chance_gives_the_same_order()
    {
        var first = Arrange("10 a, 10 b, 10 c, 10 d", new Random(7)).Hosts;
        var second = Arrange("10 a, 10 b, 10 c, 10 d", new Random(7)).Hosts;

        Assert.That(second, Is.EqualTo(first));
    }

    private static ExchangerPlan Arrange(string hosts, Random chance)
    {
        var list = hosts.Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split(' '))
            .Select(parts => new MailExchanger(ushort.Parse(parts[0], provider: null), DomainName.Parse(parts[1] + ".example")))
            .ToList();
        var self = new OwnIdentity(new HashSet<DomainName> { DomainName.Parse("me.example") }, new HashSet<IPAddress> { IPAddress.Parse("192.0.2.9") });
        return ExchangerOrder.Arrange(list, self, host => [IPAddress.Parse(host.Name == "alias.example" ? "192.0.2.9" : "192.0.2.1")], chance);
    }

    private static string Text(MailExchanger exchanger) => $"{exchanger.Preference} {exchanger.Host.Name[..^".example".Length]}";
}
