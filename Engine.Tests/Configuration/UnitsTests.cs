using System.Globalization;
using Engine.Configuration;
using Engine.Configuration.Binding;

namespace Engine.Tests.Configuration;

internal sealed class UnitsTests
{
    [TestCase("250ms", 250)]
    [TestCase("0s", 0)]
    [TestCase("30s", 30_000)]
    [TestCase("5m", 300_000)]
    [TestCase("72h", 259_200_000)]
    [TestCase("14d", 1_209_600_000)]
    [TestCase("999999999d", -1, Description = "more than a duration holds")]
    [TestCase("5", -1)]
    [TestCase("m", -1)]
    [TestCase("", -1)]
    [TestCase("-5m", -1)]
    [TestCase("1.5h", -1)]
    [TestCase("5M", -1)]
    [TestCase("5m ", -1)]
    [TestCase("5min", -1)]
    public void Durations_are_read(string text, long milliseconds)
    {
        Assert.That(Units.TryParseDuration(text, out var duration), Is.EqualTo(milliseconds >= 0));
        Assert.That(duration.TotalMilliseconds, Is.EqualTo(Math.Max(0, milliseconds)));
    }

    [TestCase("0", 0)]
    [TestCase("4096", 4_096)]
    [TestCase("4096B", 4_096)]
    [TestCase("64KiB", 65_536)]
    [TestCase("25MiB", 26_214_400)]
    [TestCase("1GiB", 1_073_741_824)]
    [TestCase("2TiB", 2_199_023_255_552)]
    [TestCase("99999999TiB", -1, Description = "more than 63 bits")]
    [TestCase("25MB", -1)]
    [TestCase("25 MiB", -1)]
    [TestCase("MiB", -1)]
    [TestCase("", -1)]
    [TestCase("-1", -1)]
    public void Sizes_are_read(string text, long octets)
    {
        Assert.That(Units.TryParseSize(text, out var size), Is.EqualTo(octets >= 0));
        Assert.That(size.Octets, Is.EqualTo(Math.Max(0, octets)));
    }

    [TestCase("100/s", 100, 100)]
    [TestCase("0.5/s", 0.5, 1)]
    [TestCase("60/m", 1, 1)]
    [TestCase("500/h burst 10", 0.1389, 10)]
    [TestCase("86400/d", 1, 1)]
    [TestCase("100", -1, 0)]
    [TestCase("100/x", -1, 0)]
    [TestCase("0/s", -1, 0)]
    [TestCase("-1/s", -1, 0)]
    [TestCase("1e3/s", -1, 0)]
    [TestCase("100/s burst", -1, 0)]
    [TestCase("100/s burst 0", -1, 0)]
    [TestCase("100/s bust 5", -1, 0)]
    [TestCase("100 /s", -1, 0)]
    public void Rates_are_read(string text, double perSecond, int burst)
    {
        Assert.That(Units.TryParseRate(text, out var rate), Is.EqualTo(perSecond >= 0));
        Assert.That(perSecond < 0 || Math.Abs(rate.PerSecond - perSecond) < 0.0001, Is.True);
        Assert.That(rate.Burst, Is.EqualTo(burst));
    }

    [TestCase("0s", "0s")]
    [TestCase("1500ms", "1500ms")]
    [TestCase("120s", "2m")]
    [TestCase("24h", "24h")]
    [TestCase("72h", "3d")]
    [TestCase("90m", "90m")]
    public void Durations_are_written_in_their_largest_unit(string text, string written)
    {
        Assert.That(Units.TryParseDuration(text, out var duration), Is.True);
        Assert.That(ScalarText.Write(duration), Is.EqualTo(written));
    }

    [TestCase("0B")]
    [TestCase("1023B")]
    [TestCase("64KiB")]
    [TestCase("50MiB")]
    [TestCase("1GiB")]
    public void Sizes_are_written_as_they_are_read(string text)
    {
        Assert.That(Units.TryParseSize(text, out var size), Is.True);
        Assert.That(ScalarText.Write(size), Is.EqualTo(text));
    }

    [TestCase("0.0001/d burst 1")]
    [TestCase("2000/h burst 10")]
    [TestCase("1.5/s burst 1")]
    public void Rates_are_written_as_they_are_read(string text)
    {
        Assert.That(Units.TryParseRate(text, out var rate), Is.True);
        Assert.That(ScalarText.Write(rate), Is.EqualTo(text));
    }

    [TestCase("2m 5m 4h+x*", 4, 14_400)]
    [TestCase("2m 5m 4h+x*", 400, 14_400)]
    [TestCase("2m 5m 4h+x*", 1, 120)]
    [TestCase("30s+x3", 3, 30)]
    [TestCase("30s+x3", 4, -1)]
    [TestCase("1m 30s+x2 2m", 4, 120)]
    public void A_schedule_gives_the_delay_after_each_failure(string items, int failures, int seconds)
    {
        var schedule = RetrySchedule.Parse([.. items.Split(' ').Select(item => item.Replace('+', ' '))]);

        Assert.That(schedule.After(failures), Is.EqualTo(seconds < 0 ? null : TimeSpan.FromSeconds(seconds)));
    }

    [TestCase("4h x*|5m", "'4h x*'")]
    [TestCase("0s", "'0s'")]
    [TestCase("5m x0", "'5m x0'")]
    [TestCase("5m x101", "'5m x101'")]
    [TestCase("5m 3", "'5m 3'")]
    [TestCase("5m|", "''")]
    public void A_schedule_that_is_wrong_names_its_item(string items, string named)
    {
        Assert.That(RetrySchedule.TryParse(items.Split('|'), out _, out var error), Is.False);
        Assert.That(error, Does.StartWith(named));
    }

    [TestCase("192.0.2.1", true)]
    [TestCase("2001:db8::1", true)]
    [TestCase("::ffff:192.0.2.1", true)]
    [TestCase("1", false, Description = "0.0.0.1 to .NET")]
    [TestCase("10.1", false)]
    [TestCase("010.0.0.1", false)]
    [TestCase("0x7f.0.0.1", false)]
    [TestCase("256.0.0.1", false)]
    [TestCase("[::1]", false)]
    [TestCase("", false)]
    public void Addresses_are_read_strictly(string text, bool good) => Assert.That(AddressText.TryParseAddress(text, out _), Is.EqualTo(good));

    [TestCase("127.0.0.1:587", "127.0.0.1:587")]
    [TestCase("[::1]:0", "[::1]:0")]
    [TestCase("127.0.0.1", null)]
    [TestCase("127.0.0.1:", null)]
    [TestCase("127.0.0.1:+5", null)]
    [TestCase("127.0.0.1:65536", null)]
    [TestCase("::1:25", null)]
    [TestCase("[::1]", null)]
    [TestCase("[::1]25", null)]
    [TestCase("[127.0.0.1]:25", null)]
    [TestCase("[::1:25", null)]
    [TestCase(":25", null)]
    [TestCase("", null)]
    public void Endpoints_are_read_strictly(string text, string? expected)
    {
        Assert.That(AddressText.TryParseEndpoint(text, out var endpoint), Is.EqualTo(expected is not null));
        Assert.That(endpoint?.ToString(), Is.EqualTo(expected));
    }

    [TestCase("10.0.0.0/8", true)]
    [TestCase("192.0.2.1/32", true)]
    [TestCase("0.0.0.0/0", true)]
    [TestCase("2001:db8::/32", true)]
    [TestCase("10.0.0.1/8", false)]
    [TestCase("10.0.0.0", false)]
    [TestCase("10/8", false)]
    [TestCase("10.0.0.0/33", false)]
    [TestCase("10.0.0.0/", false)]
    [TestCase("10.0.0.0/+8", false)]
    [TestCase("/8", false)]
    public void Networks_are_read_strictly(string text, bool good) => Assert.That(AddressText.TryParseNetwork(text, out _), Is.EqualTo(good));

    [TestCase("relay.example.net", "relay.example.net:25")]
    [TestCase("Relay.Example.net:587", "relay.example.net:587")]
    [TestCase("mx", "mx:25")]
    [TestCase("10.0.0.9", "10.0.0.9:25")]
    [TestCase("10.0.0.9:2525", "10.0.0.9:2525")]
    [TestCase("2001:db8::1", "[2001:db8::1]:25")]
    [TestCase("[2001:db8::1]", "[2001:db8::1]:25")]
    [TestCase("[2001:db8::1]:26", "[2001:db8::1]:26")]
    [TestCase("10.0.0", null)]
    [TestCase("10.0.0.256:25", null)]
    [TestCase("[relay.example.net]:25", null)]
    [TestCase("relay.example.net:0", null)]
    [TestCase("relay.example.net:x", null)]
    [TestCase("relay example", null)]
    [TestCase("a:b:25", null)]
    [TestCase("", null)]
    public void Hosts_are_read_strictly(string text, string? expected)
    {
        Assert.That(AddressText.TryParseHost(text, out var host), Is.EqualTo(expected is not null));
        Assert.That(expected is null ? null : host.ToString(), Is.EqualTo(expected));
    }

    [TestCase("$pbkdf2-sha256$100000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", null)]
    [TestCase("$pbkdf2-sha256$10000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", null)]
    [TestCase("$pbkdf2-sha256$9999$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "expected a hash of at least 10000 iterations (100000 or more are advised), found 9999")]
    [TestCase("$pbkdf2-sha256$10000001$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "expected a hash of at most 10000000 iterations, found 10000001")]
    [TestCase("$pbkdf2-sha256$100000$AAECAwQFBg$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "expected a salt of 8 to 64 octets, found 7")]
    [TestCase("$pbkdf2-sha256$100000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw", "expected a hash of 32 octets, found 16")]
    [TestCase("$pbkdf2-sha512$100000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "expected a hash of the form $pbkdf2-sha256$iterations$salt$hash")]
    [TestCase("$pbkdf2-sha256$100000$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "expected a hash of the form $pbkdf2-sha256$iterations$salt$hash")]
    [TestCase("$pbkdf2-sha256$1e5$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "expected a hash of the form $pbkdf2-sha256$iterations$salt$hash")]
    [TestCase("", "expected a hash of the form $pbkdf2-sha256$iterations$salt$hash")]
    public void Password_hashes_are_held_to_their_form(string text, string? expected)
    {
        Assert.That(PasswordHash.TryParse(text, out _, out var error), Is.EqualTo(expected is null));
        Assert.That(error, Is.EqualTo(expected ?? string.Empty));
    }

    [Test]
    public void A_password_hash_of_passlib_reads()
    {
        // passlib.hash.pbkdf2_sha256 documentation.
        Assert.That(PasswordHash.TryParse("$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk", out var hash, out _), Is.True);
        var derived = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("toomanysecrets", hash!.Salt.Span, hash.Iterations, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        Assert.That(derived, Is.EqualTo(hash.Hash.ToArray()));
    }

    [TestCase("hostnme", "hostname")]
    [TestCase("HOSTNAME", "hostname")]
    [TestCase("ohstname", "hostname", Description = "two letters swapped are one slip")]
    [TestCase("hst", null)]
    [TestCase("listener", "listeners")]
    [TestCase("nod", "node")]
    [TestCase("zzzz", null)]
    public void The_nearest_name_is_found(string written, string? expected) =>
        Assert.That(NearestName.Of(written, ["hostname", "node", "listeners"]), Is.EqualTo(expected));

    [Test]
    public void Rates_hold_their_burst_in_the_invariant_culture() =>
        Assert.That(new Rate(2.5, TimeSpan.FromMinutes(1), 3).ToString(), Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"{2.5}/m burst 3")));
}
