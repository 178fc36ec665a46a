using System.Net;
using System.Security.Cryptography;
using System.Text;
using Engine.Configuration;
using Engine.Submission;

namespace Engine.Tests.Submission;

[CancelAfter(30_000)]
internal sealed class AuthTests
{
    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.1");

    // Made with Python's hashlib in passlib's form.
    [TestCase("$pbkdf2-sha256$29000$MDEyMzQ1Njc4OWFiY2RlZg$Qsks9xnQU3.5tpf8E8O/gZaTmOx.jhmgYvR2J6qnTs4", "pässwörd")]
    [TestCase("$pbkdf2-sha256$20000$//79....//8$gPBDyv4z5dm9rGFvBGazfcGXz7GPQCGud4wcGbXi.wE", "secret")]
    public void A_hash_of_passlib_verifies_and_reads_back(string text, string password)
    {
        Assert.That(StoredPassword.TryParse(text, out var hash), Is.True);
        Assert.That(hash!.Verify(Encoding.UTF8.GetBytes(password)), Is.True);
        Assert.That(hash.Verify(Encoding.UTF8.GetBytes(password + "x")), Is.False);
        Assert.That(hash.Verify(default), Is.False);
        Assert.That(hash.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("secret")]
    [TestCase("$pbkdf2-sha256$0$c2FsdA$XHUcrqP.QqtdgV8bhf2b0U5m1VRr2gQnAEclu0KQ4lI")]
    [TestCase("$pbkdf2-sha256$9999999999$c2FsdA$XHUcrqP.QqtdgV8bhf2b0U5m1VRr2gQnAEclu0KQ4lI")]
    [TestCase("$pbkdf2-sha256$1000$c2FsdA$XHUcrqP")]
    [TestCase("$pbkdf2-sha256$1000$c2!!$XHUcrqP.QqtdgV8bhf2b0U5m1VRr2gQnAEclu0KQ4lI")]
    [TestCase("$pbkdf2-sha512$1000$c2FsdA$XHUcrqP.QqtdgV8bhf2b0U5m1VRr2gQnAEclu0KQ4lI")]
    public void What_is_no_hash_is_refused(string text) => Assert.That(StoredPassword.TryParse(text, out _), Is.False);

    [Test]
    public void A_hash_that_was_made_reads_back_and_has_a_salt_of_its_own()
    {
        using var chance = RandomNumberGenerator.Create();
        var first = StoredPassword.Make("x", chance, 10_000);

        Assert.That(StoredPassword.TryParse(first.ToString(), out var again), Is.True);
        Assert.That(again!.Verify("x"u8), Is.True);
        Assert.That(StoredPassword.Make("x", chance, 10_000).ToString(), Is.Not.EqualTo(first.ToString()));
        Assert.That(StoredPassword.Decoy(10_000).Verify(default), Is.False);
    }

    [TestCase("acme/app", Sample.Password, AuthVerdict.Good)]
    [TestCase("platform", Sample.Password, AuthVerdict.Good)]
    [TestCase("acme/app", "wrong", AuthVerdict.Bad)]
    [TestCase("acme/none", Sample.Password, AuthVerdict.Bad)]
    [TestCase("acme", Sample.Password, AuthVerdict.Bad)]
    [TestCase("", "", AuthVerdict.Bad)]
    [TestCase("disabled/app", Sample.Password, AuthVerdict.Bad)]
    [TestCase("acme/far", Sample.Password, AuthVerdict.Bad, Description = "not from this address")]
    [TestCase("paused/app", Sample.Password, AuthVerdict.Good)]
    public async Task A_login_is_checked(string name, string password, AuthVerdict verdict)
    {
        using var logins = new Authenticator(Rules(), new ManualClock(), parallel: 2);

        Assert.That(await logins.CheckAsync(Given(name, password), Client, Guard.Token()), Is.EqualTo(verdict));
        Assert.That(await logins.CheckAsync(Given(name, password), Client, Guard.Token()), Is.EqualTo(verdict), "the second time, too");
    }

    [Test]
    public void What_was_good_is_remembered_for_five_minutes_or_until_a_reload()
    {
        var clock = new ManualClock();
        var current = new CurrentSnapshot(Sample.Snapshot());
        var rules = new RulesInForce(current);
        var cache = new AuthCache(clock);
        var login = rules.Value.FindLogin("acme/app")!;
        cache.Add(rules.Value, login, "x"u8);

        Assert.That(cache.Contains(rules.Value, login, "x"u8), Is.True);
        Assert.That(cache.Contains(rules.Value, login, "y"u8), Is.False);
        Assert.That(cache.Contains(rules.Value, rules.Value.FindLogin("acme/otp")!, "x"u8), Is.False);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(cache.Contains(rules.Value, login, "x"u8), Is.False);
        cache.Add(rules.Value, login, "x"u8);
        current.Swap(Sample.Snapshot());
        Assert.That(cache.Contains(rules.Value, login, "x"u8), Is.False);
    }

    [Test]
    public void Who_guesses_waits_longer_each_time_and_is_forgiven_in_the_end()
    {
        var clock = new ManualClock();
        var penalties = new AuthPenalties(clock);
        var waits = new List<double>();
        for (var round = 0; round < 9; round++)
        {
            waits.Add(penalties.For(Client).TotalSeconds);
            penalties.Failed(Client);
        }

        Assert.That(waits, Is.EqualTo(new double[] { 0, 0, 1, 2, 4, 8, 16, 30, 30 }));
        Assert.That(penalties.For(IPAddress.Parse("198.51.100.2")), Is.EqualTo(TimeSpan.Zero));
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That(penalties.For(Client), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Addresses_of_one_ipv6_network_are_one_guesser()
    {
        var penalties = new AuthPenalties(new ManualClock());
        for (var round = 0; round < 3; round++)
        {
            penalties.Failed(IPAddress.Parse($"2001:db8::{round + 1}"));
        }

        Assert.That(penalties.For(IPAddress.Parse("2001:db8::ffff")).TotalSeconds, Is.EqualTo(2));
        Assert.That(penalties.For(IPAddress.Parse("2001:db8:0:1::1")), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task A_guess_is_looked_at_after_its_penalty_but_a_known_login_at_once()
    {
        var clock = new ManualClock();
        using var logins = new Authenticator(Rules(), clock, parallel: 1);
        _ = await logins.CheckAsync(Given("acme/app", Sample.Password), Client, Guard.Token());
        for (var round = 0; round < 2; round++)
        {
            _ = await logins.CheckAsync(Given("acme/app", "wrong"), Client, Guard.Token());
        }

        var waiting = logins.CheckAsync(Given("acme/app", "wrong"), Client, Guard.Token()).AsTask();
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(await logins.CheckAsync(Given("acme/app", Sample.Password), Client, Guard.Token()), Is.EqualTo(AuthVerdict.Good));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await waiting, Is.EqualTo(AuthVerdict.Bad));
    }

    [Test]
    public async Task Who_waits_ten_seconds_for_a_turn_is_told_to_come_again()
    {
        var clock = new ManualClock();
        var options = Sample.Options with { Injectors = new Dictionary<string, InjectorOptions> { ["slow"] = new() { Password = StoredPassword.Decoy(10_000_000).ToString() } } };
        using var logins = new Authenticator(new RulesInForce(new CurrentSnapshot(new Snapshot(options))), clock, parallel: 1);
        var first = logins.CheckAsync(Given("slow", "x"), Client, Guard.Token()).AsTask();
        var second = logins.CheckAsync(Given("slow", "x"), Client, Guard.Token()).AsTask();
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await second, Is.EqualTo(AuthVerdict.Busy));
        Assert.That(await first, Is.EqualTo(AuthVerdict.Bad));
    }

    private static RulesInForce Rules() => new(new CurrentSnapshot(Sample.Snapshot()));

    private static GivenLogin Given(string name, string password) => new(name, Encoding.UTF8.GetBytes(password));
}
