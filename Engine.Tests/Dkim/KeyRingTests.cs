using System.Runtime.Versioning;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

[Platform(Exclude = "Win", Reason = "file modes")]
[UnsupportedOSPlatform("windows")]
internal sealed class KeyRingTests
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-ring-").FullName;
    private readonly Findings _findings = new();

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Explicit_keys_sign_for_their_domain_and_those_below()
    {
        Write("keys/a.pem");
        Write("keys/b.pem");
        var ring = Load(Domain("acme.example", ("s1", "keys/a.pem"), ("s.2", "keys/b.pem")));

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("s1/acme.example s.2/acme.example"));
        Assert.That(Names(ring, "a.b.acme.example"), Is.EqualTo("s1/acme.example s.2/acme.example"));
        Assert.That(Names(ring, "notacme.example"), Is.Empty);
        Assert.That(Names(ring, "example"), Is.Empty);
        Assert.That(ring.For(default), Is.Empty);
        Assert.That(_findings.All, Is.Empty);
    }

    [Test]
    public void Keys_are_found_by_convention()
    {
        Write("dkim/acme.example.s2.pem");
        Write("dkim/acme.example.s1.pem");
        Write("dkim/news.acme.example.s1.pem");
        Write("dkim/readme.txt");
        var ring = Load(new EngineOptions());

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("s1/acme.example s2/acme.example"));
        Assert.That(Names(ring, "x.acme.example"), Is.EqualTo("s1/acme.example s2/acme.example"));
        Assert.That(Names(ring, "news.acme.example"), Is.EqualTo("s1/news.acme.example"));
        Assert.That(_findings.All, Is.Empty);
    }

    [Test]
    public void Explicit_keys_replace_convention_and_take_their_files_from_it()
    {
        Write("dkim/acme.example.a.b.pem");
        Write("dkim/acme.example.old.pem");
        var ring = Load(Domain("acme.example", ("a.b", "dkim/acme.example.a.b.pem")));

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("a.b/acme.example"));
        Assert.That(Names(ring, "acme.example.a"), Is.Empty);
        Assert.That(_findings.All, Is.Empty);
    }

    [Test]
    public void A_missing_directory_is_no_fault()
    {
        Assert.That(Names(Load(new EngineOptions()), "acme.example"), Is.Empty);
        Assert.That(_findings.All, Is.Empty);
    }

    [Test]
    public void The_keys_of_also_sign_everything_once()
    {
        Write("dkim/acme.example.s1.pem");
        Write("dkim/esp.example.p1.pem");
        var ring = Load(new EngineOptions { Dkim = Also("esp.example", "p1", "dkim/esp.example.p1.pem") });

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("s1/acme.example p1/esp.example"));
        Assert.That(Names(ring, "other.example"), Is.EqualTo("p1/esp.example"));
        Assert.That(Names(ring, "esp.example"), Is.EqualTo("p1/esp.example"));
        Assert.That(ring.For(default).Single().Selector, Is.EqualTo("p1"));
    }

    [Test]
    public void The_keys_of_the_star_sign_as_the_domain_that_has_none()
    {
        Write("dkim/acme.example.s1.pem");
        Write("shared.pem");
        var ring = Load(Domain("*", ("all", "shared.pem")) with { Dkim = new DkimOptions() });

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("s1/acme.example"));
        Assert.That(Names(ring, "a.acme.example"), Is.EqualTo("s1/acme.example"));
        Assert.That(Names(ring, "other.example"), Is.EqualTo("all/other.example"));
        var first = ring.For(DomainName.Parse("third.example"));
        Assert.That(ring.For(DomainName.Parse("third.example")), Is.SameAs(first));
        Assert.That(ring.For(default), Is.Empty);
    }

    [Test]
    public void A_key_that_does_not_load_breaks_its_domain_only()
    {
        Write("good.pem");
        var ring = Load(Domain("acme.example", ("s1", "missing.pem"), ("s2", "good.pem")));
        var finding = _findings.All.Single();

        Assert.That(finding.Scope, Is.EqualTo(FindingScope.Domain));
        Assert.That(finding.Path, Is.EqualTo("$.domains.acme.example.dkim[0].keyFile"));
        Assert.That(finding.Message, Does.Contain("missing.pem"));
        Assert.That(Broken(ring, "acme.example"), Is.True);
        Assert.That(Broken(ring, "news.acme.example"), Is.True);
        Assert.That(Broken(ring, "other.example"), Is.False);
        Assert.That(ring.IsBroken(default), Is.False);
        Assert.That(finding.Subject, Is.EqualTo("acme.example"), "so that the snapshot isolates it");
        Assert.That(Names(ring, "acme.example"), Is.Empty);
    }

    [Test]
    public void A_key_of_also_that_does_not_load_is_a_fault_of_the_core()
    {
        Write("dkim/acme.example.s1.pem");
        var ring = Load(new EngineOptions { Dkim = Also("esp.example", "p1", "missing.pem") });

        Assert.That(_findings.HasCore, Is.True);
        Assert.That(_findings.All.Single().Path, Is.EqualTo("$.dkim.also[0].keyFile"));
        Assert.That(Broken(ring, "acme.example"), Is.True);
        Assert.That(Broken(ring, "other.example"), Is.True);
        Assert.That(ring.IsBroken(default), Is.True);
    }

    [Test]
    public void A_short_key_is_refused_with_file_bits_and_minimum()
    {
        Write("dkim/acme.example.s1.pem", PrivateKey.NewRsa(1_024));
        Load(new EngineOptions()).CheckFiles(_findings);

        Assert.That(_findings.All.Single().Message, Does.Contain("acme.example.s1.pem").And.Contain("1024").And.Contain("2048").And.Contain("dkim.minimumBits"));
    }

    [TestCase("rw-r--r--", true)]
    [TestCase("rw--w----", true)]
    [TestCase("rw-----w-", true)]
    [TestCase("rw-r-----", false)]
    [TestCase("r--------", false)]
    public void A_key_that_others_may_read_or_write_is_refused(string mode, bool isRefused)
    {
        var bits = mode.Select((letter, at) => letter == '-' ? 0 : 1 << (8 - at)).Sum();
        Write("dkim/acme.example.s1.pem", PrivateKey.NewEd25519(), (UnixFileMode)bits);
        var ring = Load(new EngineOptions());

        Assert.That(Broken(ring, "acme.example"), Is.EqualTo(isRefused));
        Assert.That(_findings.All, Has.Count.EqualTo(isRefused ? 1 : 0));
    }

    [TestCase("s 1")]
    [TestCase("")]
    [TestCase("s1;")]
    [TestCase("sé")]
    public void A_selector_that_is_no_name_is_refused(string selector)
    {
        Write("a.pem");
        Load(Domain("acme.example", (selector, "a.pem")));

        Assert.That(_findings.All.Single().Path, Is.EqualTo("$.domains.acme.example.dkim[0].selector"));
    }

    [Test]
    public void A_selector_that_stands_twice_is_refused()
    {
        Write("a.pem");
        Load(Domain("acme.example", ("s1", "a.pem"), ("S1", "a.pem")));

        Assert.That(_findings.All.Single().Path, Is.EqualTo("$.domains.acme.example.dkim[1].selector"));
    }

    [Test]
    public void A_file_that_names_no_domain_is_reported()
    {
        Write("dkim/key.pem");
        Load(new EngineOptions());

        Assert.That(_findings.All.Single().Message, Does.Contain("DOMAIN.SELECTOR.pem"));
    }

    [Test]
    public void A_look_up_allocates_nothing()
    {
        Write("dkim/acme.example.s1.pem");
        Write("shared.pem");
        var ring = Load(Domain("*", ("all", "shared.pem")));
        DomainName[] names = [DomainName.Parse("acme.example"), DomainName.Parse("a.b.c.acme.example"), DomainName.Parse("other.example"), default];
        for (var warm = 0; warm < 4; warm++)
        {
            Round();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Round()
        {
            foreach (var name in names)
            {
                ring.For(name);
                ring.IsBroken(name);
            }
        }
    }

    private static string Names(KeyRing ring, string domain) =>
        string.Join(' ', ring.For(DomainName.Parse(domain)).Select(key => $"{key.Selector}/{key.Domain}"));

    private static bool Broken(KeyRing ring, string domain) => ring.IsBroken(DomainName.Parse(domain));

    private static EngineOptions Domain(string name, params (string Selector, string File)[] keys) => new()
    {
        Domains = new Dictionary<string, DomainOptions>
        {
            [name] = new() { Dkim = [.. keys.Select(key => new DkimKeyOptions { Selector = key.Selector, KeyFile = key.File })] },
        },
    };

    private static DkimOptions Also(string domain, string selector, string file) =>
        new() { Also = [new DkimAlsoOptions { Domain = domain, Selector = selector, KeyFile = file }] };

    private KeyRing Load(EngineOptions options) => KeyRing.Load(new Snapshot(options, _directory), _findings);

    private void Write(string name, string? text = null, UnixFileMode mode = Private)
    {
        var path = Path.Join(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text ?? PrivateKey.NewEd25519());
        File.SetUnixFileMode(path, mode);
    }
}
