using System.Text;
using Engine.Delivery.Sts;
using Engine.Routing;

namespace Engine.Tests.Delivery.Sts;

/// <summary>RFC 8461 §3.2.</summary>
internal sealed class StsPolicyReaderTests
{
    [TestCase("\n")]
    [TestCase("\r\n")]
    public void The_policy_of_the_RFC_is_read(string end)
    {
        var policy = Read(string.Join(end, "version: STSv1", "mode: enforce", "mx: mail.example.com", "mx: *.example.net", "mx: backupmx.example.com", "max_age: 604800", string.Empty))!;

        Assert.That((policy.Mode, policy.MaxAge), Is.EqualTo((StsMode.Enforce, TimeSpan.FromDays(7))));
        Assert.That(policy.Patterns, Is.EqualTo(new[] { "*.example.net", "backupmx.example.com", "mail.example.com" }), "in order");
        Assert.That(policy.Lines, Is.EqualTo(new[] { "version: STSv1", "mode: enforce", "mx: *.example.net", "mx: backupmx.example.com", "mx: mail.example.com", "max_age: 604800" }));
    }

    [Test]
    public void Names_are_lowered_and_become_A_labels_and_stand_once()
    {
        var policy = Read("version:STSv1\nmode:testing\nmx:MX.Example.COM\nmx: mx.example.com\nmx: *.Bücher.example\nmax_age:86400")!;

        Assert.That(policy.Patterns, Is.EqualTo(new[] { "*.xn--bcher-kva.example", "mx.example.com" }));
    }

    [Test]
    public void Unknown_fields_empty_lines_and_repeated_ones_are_passed_over()
    {
        var policy = Read("version: STSv1  \n\nfuture: thing\nmode: none\nmode: enforce\nmax_age: 5\nmax_age: x\nno field at all\nmx_more: x\nversion: 2\n")!;

        Assert.That((policy.Mode, policy.MaxAge, policy.Patterns.Count), Is.EqualTo((StsMode.None, TimeSpan.FromSeconds(5), 0)));
    }

    [TestCase("mode: enforce\nmx: a.example\nmax_age: 1", "it has no version")]
    [TestCase("version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1", "its version is not STSv1")]
    [TestCase("version: stsv1\nmode: enforce\nmx: a.example\nmax_age: 1", "its version is not STSv1")]
    [TestCase("version: STSv1\nmx: a.example\nmax_age: 1", "it has no mode")]
    [TestCase("version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1", "its mode is none of enforce, testing and none")]
    [TestCase("version: STSv1\nmode: enforce\nmax_age: 1", "it has no mx")]
    [TestCase("version: STSv1\nmode: testing\nmax_age: 1", "it has no mx")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example", "it has no max_age")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601", "its max_age is no number of seconds up to 31557600")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1", "its max_age is no number of seconds up to 31557600")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1d", "its max_age is no number of seconds up to 31557600")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 00000000001", "its max_age is no number of seconds up to 31557600")]
    [TestCase("version: STSv1\nmode: enforce\nmx: *\nmax_age: 1", "one of its mx is neither a host name nor a wildcard as its first label")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example\nmx: mx.*.example\nmax_age: 1", "one of its mx is neither a host name nor a wildcard as its first label")]
    [TestCase("version: STSv1\nmode: enforce\nmx: mx*.example\nmax_age: 1", "one of its mx is neither a host name nor a wildcard as its first label")]
    [TestCase("version: STSv1\nmode: enforce\nmx: *.*.example\nmax_age: 1", "one of its mx is neither a host name nor a wildcard as its first label")]
    [TestCase("version: STSv1\nmode: enforce\nmx: a.example, b.example\nmax_age: 1", "one of its mx is neither a host name nor a wildcard as its first label")]
    [TestCase("<html><body>Not found</body></html>", "it has no version")]
    [TestCase("", "it has no version")]
    public void What_is_wrong_with_a_policy_is_told(string text, string fault)
    {
        Assert.That(StsPolicyReader.Read(Encoding.UTF8.GetBytes(text), out var told), Is.Null);
        Assert.That(told, Is.EqualTo(fault));
    }

    [TestCase("31557600", 31_557_600)]
    [TestCase("0", 0)]
    public void The_age_is_bounded(string text, int seconds)
    {
        Assert.That(Read($"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: {text}")!.MaxAge.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public void Size_number_of_hosts_and_octets_are_bounded()
    {
        static string Hosts(int count) => $"version: STSv1\nmode: enforce\nmax_age: 1\n{string.Concat(Enumerable.Range(0, count).Select(static number => $"mx: h{number}.example\n"))}";

        Assert.That(Read(Hosts(100))!.Patterns, Has.Count.EqualTo(100));
        Assert.That(Read(Hosts(101)), Is.Null);
        Assert.That(StsPolicyReader.Read(new byte[65_537], out var tooLong), Is.Null);
        Assert.That(tooLong, Is.EqualTo("longer than 65536 octets"));
        Assert.That(StsPolicyReader.Read([0xFF, 0xFE], out var noText), Is.Null);
        Assert.That(noText, Is.EqualTo("not UTF-8"));
    }

    [Test]
    public void Letters_of_all_hosts_together_are_bounded_and_repeated_ones_are_free()
    {
        // 64 letters each.
        string Host(int number) => $"mx: {number:00}.{new string('a', 53)}.example\n";
        string Hosts(IEnumerable<int> numbers) => $"version: STSv1\nmode: enforce\nmax_age: 1\n{string.Concat(numbers.Select(Host))}";
        var most = Enumerable.Range(10, 64);

        Assert.That(Read(Hosts([.. most, .. most]))!.Patterns.Sum(static pattern => pattern.Length), Is.EqualTo(4_096));
        Assert.That(StsPolicyReader.Read(Encoding.UTF8.GetBytes(Hosts([.. most, 99])), out var fault), Is.Null);
        Assert.That(fault, Is.EqualTo("its mx have more than 4096 letters"));
    }

    [Test]
    public void Random_octets_never_throw()
    {
        var chance = new Random(7);
        var seed = "version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var octets = seed.ToArray();
            for (var change = chance.Next(1, 8); change > 0; change--)
            {
                octets[chance.Next(octets.Length)] = (byte)chance.Next(256);
            }

            var policy = StsPolicyReader.Read(octets.AsSpan(0, chance.Next(octets.Length + 1)), out var fault);
            Assert.That(policy is null, Is.EqualTo(fault is not null));
        }
    }

    private static StsPolicy? Read(string text) => StsPolicyReader.Read(Encoding.UTF8.GetBytes(text), out _);
}
