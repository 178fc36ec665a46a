using Engine.Delivery.Sts;
using Engine.Mail;
using Engine.Routing;
using Engine.Tests.Peers;

namespace Engine.Tests.Delivery.Sts;

internal sealed class StsFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly PeerDirectory _directory = new();

    private string Path => _directory.PathTo("mta-sts");

    public void Dispose() => _directory.Dispose();

    [Test]
    public void What_was_saved_comes_back()
    {
        StsEntry[] entries = [Entry("a.example", StsMode.Enforce, "*.a.example", "mx.a.example"), Entry("b.example", StsMode.Testing, "mx.b.example"), Entry("c.example", StsMode.None)];
        new StsFile(Path).Save(entries);

        Assert.That(new StsFile(Path).Load(Now, out var damaged), Is.EqualTo(entries));
        Assert.That(damaged, Is.Zero);
    }

    [Test]
    public void Without_a_file_there_is_nothing()
    {
        Assert.That(new StsFile(Path).Load(Now, out var damaged), Is.Empty);
        Assert.That(damaged, Is.Zero);
    }

    [Test]
    public void Any_damaged_octet_costs_its_line_only_and_never_changes_a_policy()
    {
        StsEntry[] entries = [Entry("a.example", StsMode.Enforce, "mx.a.example"), Entry("b.example", StsMode.Enforce, "mx.b.example")];
        var file = new StsFile(Path);
        file.Save(entries);
        var good = File.ReadAllBytes(Path);
        var chance = new Random(1);
        for (var at = 0; at < good.Length; at++)
        {
            var octets = good.ToArray();
            octets[at] ^= (byte)chance.Next(1, 256);
            File.WriteAllBytes(Path, octets);
            var left = file.Load(Now, out _);

            Assert.That(left, Is.SubsetOf(entries), $"octet {at}");
            Assert.That(left, octets[at] == '\r' ? Has.Count.LessThanOrEqualTo(2) : Has.Count.LessThanOrEqualTo(2).And.Count.GreaterThanOrEqualTo(at == Array.IndexOf(good, (byte)'\n') ? 0 : 1), $"octet {at}");
        }
    }

    [Test]
    public void A_file_cut_off_keeps_its_whole_lines()
    {
        StsEntry[] entries = [Entry("a.example", StsMode.Enforce, "mx.a.example"), Entry("b.example", StsMode.Enforce, "mx.b.example")];
        new StsFile(Path).Save(entries);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^5]);

        Assert.That(new StsFile(Path).Load(Now, out var damaged), Is.EqualTo(entries[..1]));
        Assert.That(damaged, Is.EqualTo(1));
    }

    [Test]
    public void A_clock_set_back_forgets_nothing_and_what_was_fetched_in_the_future_counts_as_fetched_now()
    {
        var entry = Entry("a.example", StsMode.Enforce, "mx.a.example");
        new StsFile(Path).Save([entry]);

        Assert.That(new StsFile(Path).Load(Now.AddDays(-400), out var damaged), Is.EqualTo(new[] { entry with { Fetched = Now.AddDays(-400) } }));
        Assert.That(damaged, Is.Zero);
    }

    private static StsEntry Entry(string domain, StsMode mode, params string[] patterns) =>
        new(DomainName.Parse(domain), "id1", new StsPolicy(mode, TimeSpan.FromDays(7)) { Patterns = patterns }, Now.AddHours(-1));
}
