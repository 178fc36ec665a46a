using System.Runtime.Versioning;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>Keys found by convention: parsed at first use, kept in bounded number, taken over at reload.</summary>
[Platform(Exclude = "Win", Reason = "file modes")]
[UnsupportedOSPlatform("windows")]
internal sealed class KeyRingUseTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("engine-ring-use-").FullName;
    private readonly Findings _findings = new();
    private readonly List<string> _broken = [];

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Nothing_is_parsed_until_its_domain_sends()
    {
        Write("acme.example.s1");
        Write("acme.example.s2", "no key");
        Write("other.example.s1");
        var ring = Load();

        Assert.That(_findings.All, Is.Empty);
        Assert.That((ring.Count, ring.Cached), Is.EqualTo((2, 0)));
        Assert.That(Names(ring, "other.example"), Is.EqualTo("s1"));
        Assert.That(ring.Cached, Is.EqualTo(1));
    }

    [Test]
    public void A_key_that_turns_out_broken_isolates_its_domain_and_is_said_once()
    {
        Write("acme.example.s1");
        Write("acme.example.s2", "no key");
        var ring = Load();

        for (var at = 0; at < 3; at++)
        {
            Assert.That(ring.TryFind(Name("acme.example"), out var keys), Is.False);
            Assert.That(keys, Is.Empty, "not even with the good key: the operator meant both");
            Assert.That(ring.IsBroken(Name("news.acme.example")), Is.True);
        }

        Assert.That(ring.IsBroken(Name("other.example")), Is.False);
        Assert.That(_broken, Has.Count.EqualTo(1));
        Assert.That(_broken[0], Does.StartWith("acme.example: ").And.Contain("acme.example.s2.pem holds no PEM block"));
    }

    [Test]
    public void A_file_that_is_mended_counts_at_once_and_a_new_fault_is_said_again()
    {
        Write("acme.example.s1", "no key");
        var ring = Load();
        Assert.That(ring.IsBroken(Name("acme.example")), Is.True);
        Write("acme.example.s1");

        Assert.That(Names(ring, "acme.example"), Is.EqualTo("s1"));
        Assert.That(_broken, Has.Count.EqualTo(1));

        File.Delete(PathOf("acme.example.s1"));
        var after = Load(before: ring);
        Assert.That(Names(after, "acme.example"), Is.Empty);
        Assert.That(after.IsBroken(Name("acme.example")), Is.False, "its files have gone: nobody says that it should be signed");
    }

    [Test]
    public void A_file_that_vanishes_before_its_first_use_breaks_its_domain()
    {
        Write("acme.example.s1");
        var ring = Load();
        File.Delete(PathOf("acme.example.s1"));

        Assert.That(ring.IsBroken(Name("acme.example")), Is.True);
        Assert.That(_broken.Single(), Does.Contain("cannot be read"));
    }

    [TestCase("no key", "no PEM block")]
    [TestCase("", "0 octets")]
    public void Config_check_parses_every_file(string text, string expected)
    {
        Write("acme.example.s1");
        Write("other.example.s1", text);
        Load().CheckFiles(_findings);

        Assert.That(_findings.All, Has.Count.EqualTo(1));
        Assert.That(_findings.All[0].Message, Does.Contain("other.example.s1.pem").And.Contain(expected));
        Assert.That((_findings.All[0].Scope, _findings.All[0].Subject), Is.EqualTo((FindingScope.Domain, "other.example")));
    }

    [TestCase(UnixFileMode.OtherRead, "mode 604")]
    [TestCase(UnixFileMode.GroupWrite, "mode 620")]
    public void The_mode_is_looked_at_when_loading(UnixFileMode more, string expected)
    {
        Write("acme.example.s1");
        File.SetUnixFileMode(PathOf("acme.example.s1"), UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var ring = Load();
        var finding = _findings.All.Single();

        Assert.That(finding.Message, Does.Contain(expected));
        Assert.That((finding.Path, finding.Scope, finding.Subject), Is.EqualTo(("$.domains.acme.example.dkim", FindingScope.Domain, "acme.example")));
        Assert.That(ring.IsBroken(Name("acme.example")), Is.True);
    }

    [Test]
    public void A_selector_in_two_spellings_of_case_breaks_its_domain()
    {
        Write("acme.example.s1");
        Write("acme.example.S1");
        var ring = Load();

        Assert.That(_findings.All.Single().Message, Does.Contain("stands there twice"));
        Assert.That(ring.IsBroken(Name("acme.example")), Is.True);
    }

    [Test]
    public void No_more_keys_are_kept_than_the_cache_holds_and_those_in_use_stay()
    {
        for (var at = 0; at < 40; at++)
        {
            Write($"d{at}.example.s1");
        }

        var ring = Load(new DkimOptions { Cache = 16 });
        var always = Find(ring, "d0.example");
        for (var round = 0; round < 3; round++)
        {
            for (var at = 1; at < 40; at++)
            {
                Assert.That(Names(ring, $"d{at}.example"), Is.EqualTo("s1"));
                Assert.That(Find(ring, "d0.example"), Is.SameAs(always), "asked for all the time");
                Assert.That(ring.Cached, Is.LessThanOrEqualTo(16));
            }
        }
    }

    [Test]
    public void A_reload_keeps_what_did_not_change_and_sees_what_did()
    {
        foreach (var name in (string[])["same.example.s1", "changed.example.s1", "gone.example.s1", "more.example.s1"])
        {
            Write(name);
        }

        var ring = Load();
        var before = ring.For(Name("same.example"));
        var changed = ring.For(Name("changed.example"))[0].ExportPublicKey();
        _ = (ring.For(Name("gone.example")), ring.For(Name("more.example")));
        Write("changed.example.s1");
        Write("more.example.s2");
        Write("new.example.s1");
        File.Delete(PathOf("gone.example.s1"));
        var after = Load(before: ring);

        Assert.That(after.Cached, Is.EqualTo(1), "only the domain whose files did not change");
        Assert.That(after.For(Name("same.example")), Is.EqualTo(before), "the very keys");
        Assert.That(after.For(Name("changed.example"))[0].ExportPublicKey(), Is.Not.EqualTo(changed));
        Assert.That(Names(after, "more.example"), Is.EqualTo("s1 s2"));
        Assert.That(Names(after, "new.example"), Is.EqualTo("s1"));
        Assert.That(Names(after, "gone.example"), Is.Empty);
        Assert.That(Names(ring, "gone.example"), Is.EqualTo("s1"), "the old ring signs on until it is out of force");
    }

    [Test]
    public void A_file_put_in_its_place_with_the_same_time_and_length_is_another()
    {
        Write("acme.example.s1");
        var ring = Load();
        var before = ring.For(Name("acme.example"))[0].ExportPublicKey();
        var (path, time) = (PathOf("acme.example.s1"), File.GetLastWriteTimeUtc(PathOf("acme.example.s1")));
        Write("next");
        File.SetLastWriteTimeUtc(PathOf("next"), time);
        File.Move(PathOf("next"), path, overwrite: true);

        Assert.That(Load(before: ring).For(Name("acme.example"))[0].ExportPublicKey(), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_reload_with_other_terms_or_another_floor_does_not_sign_as_before()
    {
        Write("acme.example.s1", PrivateKey.NewRsa(2_048));
        var ring = Load();
        var before = ring.For(Name("acme.example"))[0];
        var simple = Load(new DkimOptions { Canonicalization = SignatureForm.SimpleSimple }, ring).For(Name("acme.example"))[0];

        Assert.That((simple.Terms.Head, simple.Terms.Body), Is.EqualTo((Canonicalization.Simple, Canonicalization.Simple)));
        Assert.That(simple.ExportPublicKey(), Is.EqualTo(before.ExportPublicKey()));
        Assert.That(Load(new DkimOptions { MinimumBits = 3_072 }, ring).IsBroken(Name("acme.example")), Is.True);
    }

    [Test]
    public void Explicit_keys_whose_file_did_not_change_are_not_parsed_again()
    {
        Write("acme.example.s1", PrivateKey.NewRsa(2_048));
        var options = new EngineOptions { Domains = new Dictionary<string, DomainOptions> { ["acme.example"] = new() { Dkim = [new DkimKeyOptions { Selector = "s1", KeyFile = "dkim/acme.example.s1.pem", Identity = "news@acme.example", Expires = TimeSpan.FromDays(9) }] } } };
        var ring = KeyRing.Load(new Snapshot(options, _directory), _findings);
        var after = KeyRing.Load(new Snapshot(options, _directory), _findings, null, ring);
        var key = after.For(Name("acme.example"))[0];

        Assert.That((key.Terms.Identity, key.Terms.Expires), Is.EqualTo(("news@acme.example", (TimeSpan?)TimeSpan.FromDays(9))));
        Assert.That(key.ExportPublicKey(), Is.EqualTo(ring.For(Name("acme.example"))[0].ExportPublicKey()));
        File.SetUnixFileMode(PathOf("acme.example.s1"), (UnixFileMode)0b110_100_100);
        Assert.That(KeyRing.Load(new Snapshot(options, _directory), _findings, null, after).IsBroken(Name("acme.example")), Is.True, "a mode is no part of the stamp, and is looked at each time");
    }

    [Test]
    public void A_folder_that_went_away_is_a_finding_of_the_core_and_none_where_there_never_was_one()
    {
        Load();
        Assert.That(_findings.HasCore, Is.False);
        Write("acme.example.s1");
        var ring = Load();
        Directory.Delete(Path.Join(_directory, "dkim"), recursive: true);
        Load(before: ring);

        Assert.That(_findings.HasCore, Is.True, "a reload is refused, and nothing goes out unsigned");
    }

    [Test]
    public void Many_threads_may_ask_at_once()
    {
        for (var at = 0; at < 60; at++)
        {
            Write($"d{at}.example.s1");
        }

        var ring = Load(new DkimOptions { Cache = 16 });
        Parallel.For(0, 2_000, at => Assert.That(Names(ring, $"d{at * 7 % 60}.example"), Is.EqualTo("s1")));

        Assert.That(ring.Cached, Is.LessThanOrEqualTo(16));
    }

    [Test]
    public void A_look_up_of_a_kept_key_allocates_nothing()
    {
        Write("acme.example.s1");
        var (ring, name) = (Load(), Name("a.b.acme.example"));
        for (var warm = 0; warm < 4; warm++)
        {
            ring.TryFind(name, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        ring.TryFind(name, out _);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static DomainName Name(string text) => DomainName.Parse(text);

    private static IReadOnlyList<SigningKey> Find(KeyRing ring, string domain) => ring.TryFind(Name(domain), out var keys) ? keys : [];

    private static string Names(KeyRing ring, string domain) => string.Join(' ', Find(ring, domain).Select(key => key.Selector));

    private string PathOf(string name) => Path.Join(_directory, "dkim", name + ".pem");

    private KeyRing Load(DkimOptions? options = null, KeyRing? before = null)
    {
        var ring = KeyRing.Load(new Snapshot(new EngineOptions { Dkim = options ?? new DkimOptions() }, _directory), _findings, null, before);
        ring.Broke += (domain, fault) => _broken.Add($"{domain}: {fault}");
        return ring;
    }

    private void Write(string name, string? text = null)
    {
        Directory.CreateDirectory(Path.Join(_directory, "dkim"));
        File.WriteAllText(PathOf(name), text ?? PrivateKey.NewEd25519());
        File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
