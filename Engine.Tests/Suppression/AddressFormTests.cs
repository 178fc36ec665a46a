using System.Text;
using Engine.Mail;
using Engine.Suppression;
using Engine.Tests.Configuration;

namespace Engine.Tests.Suppression;

internal sealed class AddressFormTests
{
    [TestCase("ann@example.com", "ann@example.com")]
    [TestCase("Ann.B+Tag@EXAMPLE.com", "ann.b+tag@example.com")]
    [TestCase("ann@Bücher.example", "ann@xn--bcher-kva.example")]
    [TestCase("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [TestCase("ann@example.com.", "ann@example.com")]
    [TestCase("JÜRGEN@example.com", "jürgen@example.com")]
    [TestCase("\"john.doe\"@example.com", "john.doe@example.com")]
    [TestCase("\"John\\.Doe\"@example.com", "john.doe@example.com")]
    [TestCase("\"a b\"@example.com", "a b@example.com")]
    [TestCase("\"a@b\"@example.com", "a@b@example.com")]
    [TestCase("\"a\\\"b\\\\\"@example.com", "a\"b\\@example.com")]
    [TestCase("\"\"@example.com", "@example.com")]
    public void The_form_of(string address, string expected)
    {
        Span<byte> target = stackalloc byte[1_024];
        Assert.That(Encoding.UTF8.GetString(target[..AddressForm.Write(Mailbox.Parse(address), target)]), Is.EqualTo(expected));
    }

    [Test]
    public void The_null_path_has_none() => Assert.That(() => AddressForm.Write(default, new byte[1_024]), Throws.ArgumentException);

    [Test]
    public void The_longest_address_fits_whatever_its_letters()
    {
        var key = new SuppressionKey(new byte[32]);
        foreach (var local in new[] { new string('A', 64), new string('Ⱥ', 32), new string('\uA64A', 21) })
        {
            var domain = string.Join('.', Enumerable.Repeat(new string('d', 45), 5))[..(253 - Encoding.UTF8.GetByteCount(local))];
            var target = new byte[1_024];
            var form = Encoding.UTF8.GetString(target, 0, AddressForm.Write(Mailbox.Parse($"{local}@{domain}"), target));

            Assert.That(form, Is.EqualTo($"{local.ToLowerInvariant()}@{domain}"));
            Assert.That(key.DigestOf(Mailbox.Parse($"{local}@{domain}")), Is.Not.EqualTo(key.DigestOf(Mailbox.Parse($"b@{domain}"))));
        }
    }

    [Test]
    public void A_digest_depends_on_the_key_and_the_form_only()
    {
        var (one, other) = (new SuppressionKey(new byte[32]), new SuppressionKey("another secret of thirty-two octets"u8));

        Assert.That(one.DigestOf(Mailbox.Parse("Ann@example.COM")), Is.EqualTo(one.DigestOf(Mailbox.Parse("ann@example.com"))));
        Assert.That(one.DigestOf(Mailbox.Parse("ann@example.com")), Is.Not.EqualTo(one.DigestOf(Mailbox.Parse("a.nn@example.com"))));
        Assert.That(one.DigestOf(Mailbox.Parse("ann@example.com")), Is.Not.EqualTo(other.DigestOf(Mailbox.Parse("ann@example.com"))));
        Assert.That(one.Id, Is.Not.EqualTo(other.Id));
    }

    [Test]
    public void A_key_is_made_once_and_for_its_owner_only()
    {
        using var directory = new TemporaryDirectory();
        var made = SuppressionKey.LoadOrCreate(directory["state/key"]);

        Assert.That(SuppressionKey.LoadOrCreate(directory["state/key"]).Id, Is.EqualTo(made.Id));
        Assert.That(new FileInfo(directory["state/key"]), Has.Length.EqualTo(32));
        Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(directory["state/key"]) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), Is.True);
        Assert.That(() => SuppressionKey.Load(directory.Write("short", new string('k', 31))), Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains("holds 31 octets"));
    }

    [Test]
    public void No_new_key_is_made_beside_an_old_list()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("manifest", "any");

        Assert.That(() => SuppressionKey.LoadOrCreate(directory["key"]), Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains("is missing"));
        Assert.That(File.Exists(directory["key"]), Is.False);
    }
}
