using System.Runtime.Versioning;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>Keys that wait for DNS, or are on their way out, do not sign; and nobody goes unsigned for it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class KeyStandingsTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("engine-standings-").FullName;
    private readonly List<string> _broken = [];

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [TestCase("", "old new")]
    [TestCase("acme.example/new", "old")]
    [TestCase("acme.example/old", "new")]
    [TestCase("other.example/new", "old new")]
    public void A_key_that_may_not_sign_is_left_out(string waiting, string expected)
    {
        Write("acme.example.new");
        Write("acme.example.old");

        Assert.That(Names(Load(new Waiting(waiting)), "acme.example").Split(' ').Order(), Is.EqualTo(expected.Split(' ').Order()));
    }

    [Test]
    public void A_domain_whose_keys_all_wait_signs_with_those_of_the_domain_above()
    {
        Write("acme.example.s1");
        Write("news.acme.example.n1");

        Assert.That(Names(Load(new Waiting("news.acme.example/n1")), "news.acme.example"), Is.EqualTo("s1"));
        Assert.That(Names(Load(null), "news.acme.example"), Is.EqualTo("n1"));
    }

    [Test]
    public void A_domain_whose_keys_all_wait_signs_with_those_of_the_star()
    {
        Write("acme.example.s1");
        var ring = Load(new Waiting("acme.example/s1"), Star());

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("all"));
    }

    [Test]
    public void With_nobody_left_to_sign_it_is_broken_not_unsigned()
    {
        Write("acme.example.s1");
        var ring = Load(new Waiting("acme.example/s1"));

        Assert.That(ring.IsBroken(Name("acme.example")), Is.True);
        Assert.That(ring.IsBroken(Name("news.acme.example")), Is.True);
        Assert.That(ring.IsBroken(Name("other.example")), Is.False);
        Assert.That(_broken.Single(), Does.StartWith("acme.example: it has keys, but none of them may sign now"));
    }

    [Test]
    public void The_star_and_the_keys_of_also_wait_likewise()
    {
        var star = Load(new Waiting("other.example/all"), Star());
        Write("acme.example.s1");
        Write("esp.example.p1");
        var also = Load(new Waiting("esp.example/p1"), new EngineOptions { Dkim = new DkimOptions { Also = [new DkimAlsoOptions { Domain = "esp.example", Selector = "p1", KeyFile = "dkim/esp.example.p1.pem" }] } });

        Assert.That((star.IsBroken(Name("other.example")), Names(star, "third.example")), Is.EqualTo((true, "all")));
        Assert.That(Names(also, "acme.example"), Is.EqualTo("s1"), "its own key is enough");
        Assert.That(also.IsBroken(Name("other.example")), Is.True, "it would have had that signature only");
    }

    [Test]
    public void Another_ring_of_the_same_reading_costs_no_parsing()
    {
        Write("acme.example.new");
        Write("acme.example.old");
        var first = Load(new Waiting("acme.example/new"));
        var old = first.For(Name("acme.example")).Single();
        File.Delete(Path.Join(_directory, "dkim", "acme.example.old.pem"));
        var second = first.With(new Waiting(""));
        var third = second.With(new Waiting("acme.example/old"));

        Assert.That(Names(second, "acme.example"), Is.EqualTo("new old"));
        Assert.That(second.For(Name("acme.example"))[1], Is.SameAs(old));
        Assert.That(Names(third, "acme.example"), Is.EqualTo("new"));
        Assert.That(Names(first, "acme.example"), Is.EqualTo("old"), "each ring has its own list");
        Assert.That(third.Cached, Is.EqualTo(2));
    }

    [Test]
    public void A_first_key_that_waits_leaves_the_domain_as_it_was()
    {
        Write("acme.example.s1");
        var first = Book(new RotatedKey("s1", "ed25519", KeyStanding.Next, default));
        var withheld = Book(new RotatedKey("s1", "ed25519", KeyStanding.Next, default), new RotatedKey("s0", "rsa", KeyStanding.Revoked, default));

        Assert.That((Load(first).IsBroken(Name("acme.example")), Names(Load(first), "acme.example")), Is.EqualTo((false, string.Empty)));
        Assert.That(Load(first).FaultOf(Name("acme.example")), Is.Null);
        Assert.That(Load(withheld).IsBroken(Name("acme.example")), Is.True, "one was revoked");
        Assert.That(Names(Load(first, Star()), "acme.example"), Is.EqualTo("all"));
        Assert.That(Names(Load(Book(new RotatedKey("s1", "ed25519", KeyStanding.Signing, default))), "acme.example"), Is.EqualTo("s1"));
    }

    [Test]
    public void Only_files_that_rotation_wrote_are_listed_anew()
    {
        Write("acme.example.s1");
        Write("other.example.o1");
        var ring = Load(null);
        Write("acme.example.r2");
        Write("acme.example.hand");
        Write("other.example.o2");
        Write("third.example.t1");
        var acme = new DomainRotation(Name("acme.example"),
        [
            new RotatedKey("s1", "ed25519", KeyStanding.Retiring, default) { IsMade = true },
            new RotatedKey("r2", "ed25519", KeyStanding.Signing, default) { IsMade = true, Kind = KeyKind.Ed25519 },
        ]);
        var next = ring.Relist([acme]).With(RotationBook.Blank.With(acme));
        Assert.That((Names(next, "acme.example"), Names(next, "other.example"), Names(next, "third.example")), Is.EqualTo(("r2", "o1", string.Empty)));
        Assert.That(next.Relist([acme]), Is.SameAs(next));

        File.Delete(Path.Join(_directory, "dkim", "acme.example.s1.pem"));
        var retired = acme.Retire("s1", default);
        Assert.That(Names(ring.Relist([retired]).With(RotationBook.Blank.With(retired)), "acme.example"), Is.EqualTo("r2"), "its file was moved away, and nobody asks for it");
    }

    [Test]
    public void Why_a_domain_does_not_sign_is_told_without_an_alert_from_a_ring_that_nobody_listens_to()
    {
        Write("acme.example.s1");
        var ring = Load(null);
        Assert.That(ring.With(Book(new RotatedKey("s1", "rsa", KeyStanding.Revoked, default))).FaultOf(Name("acme.example")), Does.Contain("none of them may sign now"));
        Assert.That(_broken, Is.Empty);

        Write("example.e1");
        var above = Load(Book(new RotatedKey("s1", "rsa", KeyStanding.Revoked, default)));
        Assert.That(above.FaultOf(Name("acme.example")), Does.Contain("a key of it was revoked"));
        Assert.That(above.FaultOf(Name("example")), Is.Null);
    }

    private static RotationBook Book(params RotatedKey[] keys) => RotationBook.Blank.With(new DomainRotation(Name("acme.example"), [.. keys]));

    private static DomainName Name(string text) => DomainName.Parse(text);

    private static string Names(KeyRing ring, string domain) => string.Join(' ', ring.For(Name(domain)).Select(key => key.Selector));

    private EngineOptions Star()
    {
        Write("shared");
        File.Move(Path.Join(_directory, "dkim", "shared.pem"), Path.Join(_directory, "shared.pem"));
        return new EngineOptions { Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { Dkim = [new DkimKeyOptions { Selector = "all", KeyFile = "shared.pem" }] } } };
    }

    private KeyRing Load(IKeyStandings? standings, EngineOptions? options = null)
    {
        var findings = new Findings();
        var ring = KeyRing.Load(new Snapshot(options ?? new EngineOptions(), _directory), findings, standings);
        ring.Broke += (domain, fault) => _broken.Add($"{domain}: {fault}");
        Assert.That(findings.All, Is.Empty);
        return ring;
    }

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.Join(_directory, "dkim"));
        File.WriteAllText(Path.Join(_directory, "dkim", name + ".pem"), PrivateKey.NewEd25519());
        File.SetUnixFileMode(Path.Join(_directory, "dkim", name + ".pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private sealed class Waiting(string waiting) : IKeyStandings
    {
        public bool MaySign(DomainName domain, string selector) => !waiting.Split(' ').Contains($"{domain}/{selector}");
    }
}
