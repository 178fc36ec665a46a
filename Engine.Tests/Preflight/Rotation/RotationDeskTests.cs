using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;
using Engine.Tests.Configuration;

namespace Engine.Tests.Preflight.Rotation;

/// <summary>Rotation over real files and a real name server.</summary>
internal sealed class RotationDeskTests
{
    private const string Next = "e20261122";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_key_goes_from_next_to_retired_with_restarts_between_the_steps()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 200);

        await rig.TurnAsync();
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));
        Assert.That(rig.Alerts.Single(), Does.StartWith("dkim/publish: publish this record").And.Contain($"{Next}._domainkey.acme.test. IN TXT \"v=DKIM1; k=ed25519; p="));
        Assert.That(OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(Path.Join(rig.Keys, $"acme.test.{Next}.pem")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(rig.Desk.Book.MaySign(RotationRig.Domain, Next), Is.False);

        rig.Restart();
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));
        Assert.That(rig.State.Find(Next)!.Missing, Does.Contain("no record"));

        rig.Publish(Next);
        rig.Restart();
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retiring, {Next} Signing"));
        Assert.That(rig.Alerts.Last(), Does.StartWith("dkim/switched: ").And.Contain("leave the record of s1._domainkey.acme.test"));

        rig.Oldest = rig.Clock.GetUtcNow() - Minute;
        rig.Restart();
        await rig.TurnAsync(TimeSpan.FromDays(8));
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retiring, {Next} Signing"), "Mail of before the switch is still queued.");
        Assert.That(rig.HasFile("s1"), Is.True);

        rig.Oldest = rig.Clock.GetUtcNow();
        await rig.TurnAsync(TimeSpan.FromHours(1));
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retired, {Next} Signing"));
        Assert.That(rig.Alerts.Last(), Does.StartWith("dkim/retire: the TXT record at s1._domainkey.acme.test may be removed"));
        Assert.That((rig.HasFile("s1"), rig.HasFile("s1", "retired")), Is.EqualTo((false, true)));

        rig.Restart();
        Assert.That(rig.Desk.Book.MaySign(RotationRig.Domain, "s1"), Is.False);
        Assert.That(rig.Desk.Book.IsWithdrawn("acme.test", "s1"), Is.True);
    }

    [Test]
    public async Task One_silent_name_server_only_delays()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 200);
        rig.Names.Add("acme.test", new DnsRecord.Name(RecordType.Ns, "ns2.acme.test"));
        rig.Names.Add("ns2.acme.test", new DnsRecord.Address(IPAddress.Parse("127.0.0.9")));
        await rig.TurnAsync();
        rig.Publish(Next);

        await rig.TurnAsync(Minute);
        await rig.TurnAsync(TimeSpan.FromDays(100));
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));
        Assert.That(rig.State.Find(Next)!.Missing, Is.EqualTo("name server ns2.acme.test: no answer"));
        Assert.That(rig.Alerts.Last(), Does.StartWith("dkim/waiting: ").And.Contain("ns2.acme.test"));

        rig.Names.Remove("ns2.acme.test");
        rig.Names.Add("ns2.acme.test", new DnsRecord.Address(IPAddress.Loopback));
        await rig.TurnAsync(TimeSpan.FromHours(1));
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retiring, {Next} Signing"));
    }

    [Test]
    public async Task A_broken_resolver_and_a_name_server_that_may_not_be_asked_only_delay()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 200);
        await rig.TurnAsync();
        rig.Publish(Next);
        rig.Names.Fail($"{Next}._domainkey.acme.test", ResponseCode.ServerFailure);
        await rig.TurnAsync(Minute);
        Assert.That(rig.State.Find(Next)!.Missing, Does.Contain("resolver").And.Contain("no answer"));

        rig.Names.Fail($"{Next}._domainkey.acme.test", ResponseCode.NoError);
        rig.Names.Remove("ns1.acme.test");
        rig.Names.Add("ns1.acme.test", new DnsRecord.Address(IPAddress.Parse("192.0.2.1")));
        await rig.TurnAsync(Minute);
        Assert.That(rig.State.Find(Next)!.Missing, Does.Contain("no address that may be asked"));
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));
    }

    [Test]
    public async Task Another_key_under_the_name_is_no_sighting()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 200);
        await rig.TurnAsync();
        rig.Publish("s1", $"{Next}._domainkey.acme.test");
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));
        Assert.That(rig.State.Find(Next)!.Missing, Does.Contain("another record (p= is another key)"));
    }

    [Test]
    public async Task An_alias_is_followed_into_its_zone()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 200);
        await rig.TurnAsync();
        rig.Names.Add($"{Next}._domainkey.acme.test", new DnsRecord.Name(RecordType.Cname, "k1.esp.test"));
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));

        rig.Publish(Next, "k1.esp.test");
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retiring, {Next} Signing"));
    }

    [Test]
    public async Task In_an_emergency_the_key_signs_nothing_more_and_the_domain_waits_for_the_next()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 1);
        var after = await rig.Desk.OrderAsync(Emergency(), CancellationToken.None);
        Assert.That((after.IsWithheld, rig.Standings), Is.EqualTo((true, $"s1 Revoked, {Next} Next")));
        Assert.That(rig.Alerts.Select(alert => alert.Split(':')[0]), Is.EqualTo(new[] { "dkim/revoked", "dkim/publish" }));

        rig.Restart();
        rig.Publish(Next);
        await rig.TurnAsync(TimeSpan.FromSeconds(15));
        Assert.That((rig.State.IsWithheld, rig.Standings), Is.EqualTo((false, $"s1 Revoked, {Next} Signing")));
    }

    [Test]
    public async Task With_a_published_spare_an_emergency_switches_at_once()
    {
        await using var rig = new RotationRig(static options => options with { Dkim = options.Dkim with { Rotation = new RotationOptions { Spare = true } } });
        rig.Put("s1", days: 1, KeyKind.Rsa2048);
        await rig.TurnAsync();
        rig.Publish("r20261122");
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo("s1 Signing, r20261122 Next"));

        var after = await rig.Desk.OrderAsync(Emergency(), CancellationToken.None);
        Assert.That((after.IsWithheld, rig.Standings), Is.EqualTo((false, "s1 Revoked, r20261122 Signing")));
    }

    [Test]
    public async Task Only_the_named_selector_is_revoked()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 1);
        rig.Put("s2", days: 1);
        await rig.Desk.OrderAsync(Emergency() with { Revoke = "s1" }, CancellationToken.None);
        Assert.That(rig.Standings, Is.EqualTo("s1 Revoked, s2 Signing"));
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_is_said_at_once_and_leaves_nothing_behind()
    {
        await using var rig = new RotationRig(static options => options with { Dkim = options.Dkim with { Directory = "/proc/none" } });
        var order = new RotationOrder(RotationRig.Domain, "test");
        var refusal = await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(order, CancellationToken.None));
        Assert.That(refusal!.Message, Does.Contain("cannot be written").And.Contain("ReadWritePaths="));
        Assert.That(rig.State.Keys, Is.Empty);
    }

    [Test]
    public async Task Keys_of_engine_json_are_refused_but_revoked()
    {
        await using var rig = new RotationRig(static options => options with
        {
            Domains = new Dictionary<string, DomainOptions> { ["acme.test"] = new() { Dkim = [new DkimKeyOptions { Selector = "s1", KeyFile = "s1.pem" }] } },
        });
        var order = new RotationOrder(RotationRig.Domain, "test");
        Assert.That((await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(order, CancellationToken.None)))!.Message, Does.Contain("domains.acme.test.dkim"));
        Assert.That(rig.State.Keys, Is.Empty);
        Assert.That((await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(Emergency(), CancellationToken.None)))!.Message, Does.Contain("signs nothing more"));
        Assert.That(rig.Standings, Is.EqualTo("s1 Revoked"));
    }

    [Test]
    public async Task A_preview_changes_nothing()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 1);
        var preview = rig.Desk.Preview(Emergency()).Rotation;
        Assert.That(preview.Keys.Select(key => key.Standing), Is.EqualTo(new[] { KeyStanding.Revoked, KeyStanding.Next }));
        Assert.That(rig.State.Keys, Is.Empty);
    }

    [Test]
    public async Task An_order_is_repeated_without_harm_and_a_next_key_whose_file_is_taken_away_is_given_up()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 1);
        var order = new RotationOrder(RotationRig.Domain, "test");
        await rig.Desk.OrderAsync(order, CancellationToken.None);
        await rig.Desk.OrderAsync(order, CancellationToken.None);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Signing, {Next} Next"));

        File.Delete(Path.Join(rig.Keys, $"acme.test.{Next}.pem"));
        await rig.TurnAsync(Minute);
        Assert.That(rig.Standings, Is.EqualTo("s1 Signing"));
    }

    [Test]
    public async Task The_waiting_key_signs_when_an_operator_says_so()
    {
        await using var rig = new RotationRig();
        rig.Put("s1", days: 1);
        await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(Switch(), CancellationToken.None));
        await rig.Desk.OrderAsync(new RotationOrder(RotationRig.Domain, "test"), CancellationToken.None);
        await rig.Desk.OrderAsync(Switch(), CancellationToken.None);
        Assert.That(rig.Standings, Is.EqualTo($"s1 Retiring, {Next} Signing"));

        static RotationOrder Switch() => new(RotationRig.Domain, "test") { SwitchNow = true };
    }

    [Test]
    public async Task A_first_key_does_not_stop_the_domain()
    {
        await using var rig = new RotationRig();
        await rig.Desk.OrderAsync(new RotationOrder(RotationRig.Domain, "test") { Kind = KeyKind.Ed25519 }, CancellationToken.None);
        Assert.That((rig.Standings, rig.Desk.Waits(RotationRig.Domain)), Is.EqualTo(($"{Next} Next", false)));
    }

    [Test]
    public async Task A_key_of_the_platform_is_revoked_and_the_operator_told_what_to_write()
    {
        await using var rig = new RotationRig(static options => options with { Dkim = options.Dkim with { Also = [new DkimAlsoOptions { Domain = "acme.test", Selector = "p1", KeyFile = "dkim/platform.pem" }] } });
        rig.Put("pem", days: 1, domain: "x");
        File.Move(Path.Join(rig.Keys, "x.pem.pem"), Path.Join(rig.Keys, "platform.pem"));
        var refusal = await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(Emergency(), CancellationToken.None));
        Assert.That(refusal!.Message, Does.Contain("p1 under dkim.also for d=acme.test").And.Contain("publish its record").And.Contain("mail that no other key signs waits"));
        Assert.That((rig.Standings, rig.Desk.Book.IsWithdrawn("acme.test", "p1"), rig.Desk.Waits(RotationRig.Domain)), Is.EqualTo(("p1 Revoked", true, true)));
    }

    [Test]
    public async Task A_key_of_the_star_is_revoked_for_one_domain_and_mail_of_others_goes_on()
    {
        await using var rig = new RotationRig(static options => options with { Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { Dkim = [new DkimKeyOptions { Selector = "all", KeyFile = "dkim/platform.pem" }] } } });
        rig.Put("pem", days: 1, domain: "x");
        File.Move(Path.Join(rig.Keys, "x.pem.pem"), Path.Join(rig.Keys, "platform.pem"));
        var preview = rig.Desk.Preview(Emergency() with { Revoke = "all" });
        Assert.That((preview.Waits, preview.Remark, rig.Standings), Is.EqualTo((true, preview.Remark, string.Empty)));
        Assert.That(preview.Remark, Does.Contain("all under domains.*.dkim for d=acme.test"));

        await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(Emergency(), CancellationToken.None));
        Assert.That((rig.Standings, rig.Desk.Waits(RotationRig.Domain), rig.Desk.Waits(DomainName.Parse("other.test"))), Is.EqualTo(("all Revoked", true, false)));
        Assert.That(rig.Alerts.Single(), Does.StartWith("dkim/revoked: ").And.Contain("mail of the domain waits"));
    }

    [TestCase("../other")]
    [TestCase("a b")]
    [TestCase("")]
    public async Task What_cannot_be_a_selector_is_not_revoked(string selector)
    {
        await using var rig = new RotationRig();

        var refusal = await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(Emergency() with { Revoke = selector }, CancellationToken.None));
        Assert.That(refusal!.Message, Does.StartWith($"'{selector}' cannot be a selector"));
        Assert.That(rig.State.Keys, Is.Empty);
    }

    [Test]
    public async Task An_emergency_over_a_folder_that_cannot_be_written_revokes_and_says_how_to_go_on()
    {
        await using var rig = new RotationRig(static options => options with { Dkim = options.Dkim with { Directory = "/etc/passwd/dkim" } });
        var order = Emergency() with { Revoke = "s1", Kind = KeyKind.Ed25519 };
        Assert.That(rig.Desk.Preview(order).Remark, OperatingSystem.IsLinux() ? Does.Contain("no key can be made in /etc/passwd/dkim").And.Contain("ReadWritePaths=") : Is.Null);

        var refusal = await Assert.ThrowsAsync<RotationRefusedException>(() => rig.Desk.OrderAsync(order, CancellationToken.None));
        Assert.That(refusal!.Message, Does.Contain("'engine dkim rotate acme.test'").And.Contain($"engine dkim generate acme.test --selector {Next}").And.Contain("mail of the domain waits"));
        Assert.That(rig.Standings, Is.EqualTo("s1 Revoked"));
    }

    [Test]
    public async Task More_domains_than_a_turn_takes_each_have_their_turn_and_the_queue_is_asked_once()
    {
        await using var rig = new RotationRig();
        var now = rig.Clock.GetUtcNow();
        var file = RotationFile.Of(rig.Snapshot);
        var domains = Enumerable.Range(0, 250).Select(number => DomainName.Parse($"d{number:000}.test")).ToArray();
        file.Save(domains.Aggregate(RotationBook.Blank, (book, domain) => book.With(new DomainRotation(domain, [new RotatedKey("s1", "rsa", KeyStanding.Retiring, now.AddDays(-9))]))));
        rig.Restart();
        rig.Oldest = now.AddDays(-20);
        await rig.TurnAsync();
        Assert.That((rig.OldestAsked, Retired()), Is.EqualTo((1, 0)), "mail of before the switch is queued");

        rig.Oldest = null;
        await rig.TurnAsync(Minute);
        Assert.That((rig.OldestAsked, Retired()), Is.EqualTo((2, 200)));
        Assert.That(rig.Desk.Book.Of(domains[249]).Keys[0].Standing, Is.EqualTo(KeyStanding.Retired), "those come first that had no turn");
        await rig.TurnAsync(Minute);
        Assert.That(Retired(), Is.EqualTo(250));

        int Retired() => rig.Desk.Book.Domains.Values.Count(static domain => domain.Keys[0].Standing is KeyStanding.Retired);
    }

    [Test]
    public void Sightings_are_kept_once_a_turn_and_standings_at_once()
    {
        using var directory = new TemporaryDirectory();
        var file = new RotationFile(Path.Join(directory.Path, RotationFile.Name));
        var shelf = new RotationShelf(file, RotationBook.Blank);
        var (domain, now) = (RotationRig.Domain, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        shelf.Change(domain, rotation => rotation.Begin(KeyKind.Ed25519, "e2", isSpare: false, "test", now).Made("e2"));
        shelf.Note(domain, rotation => rotation.Saw("e2", new KeySighting([new PlaceSighting("resolver", SightingKind.Missing)]), now));
        Assert.That((shelf.Book.Of(domain).Keys[0].Asked, file.Load().Of(domain).Keys[0].Asked), Is.EqualTo(((DateTimeOffset?)now, (DateTimeOffset?)null)));

        shelf.Flush();
        Assert.That(file.Load().Of(domain).Keys[0].Asked, Is.EqualTo(now));
        shelf.Note(domain, rotation => rotation.Saw("e2", new KeySighting([new PlaceSighting("resolver", SightingKind.Shown)]), now));
        Assert.That(file.Load().Of(domain).Keys[0].Standing, Is.EqualTo(KeyStanding.Signing));
    }

    private static RotationOrder Emergency() => new(RotationRig.Domain, "stolen") { IsEmergency = true };
}
