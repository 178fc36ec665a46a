using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;

namespace Engine.Tests.Configuration;

/// <summary>Files that engine.json names: certificates and secrets.</summary>
[Platform(Exclude = "Win", Reason = "file modes are those of Unix")]
internal sealed class FileChecksTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string Main = """
        { "hostname": "mta1.example.com",
        "listeners": { "l": { "bind": ["127.0.0.1:0"], "tls": "MODE" } },
        "tls": {
        "certificate": "tls/cert.pem",
        "key": "tls/key.pem" },
        "domains": { "acme.example": { "dkim": [{ "selector": "s1",
        "keyFile": "dkim/acme.pem" }] } } }
        """;

    [TestCase("starttls")]
    [TestCase("implicit")]
    public void A_certificate_and_its_key_load(string mode)
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);

        Assert.That(Findings(directory, mode), Is.Empty);
    }

    [Test]
    public void Another_key_does_not_fit()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        directory.Write("tls/key.pem", Pair().Key);

        Assert.That(Findings(directory), Does.StartWith("5: $.tls.key: the key DIR/tls/key.pem does not load or does not belong to the certificate: "));
    }

    [Test]
    public void A_certificate_that_is_none_is_said()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        directory.Write("tls/cert.pem", "hello");

        Assert.That(Findings(directory), Does.StartWith("4: $.tls.certificate: the file DIR/tls/cert.pem holds no certificate in PEM: "));
    }

    [Test]
    public void Files_that_are_missing_are_said_each()
    {
        using var directory = new TemporaryDirectory();

        Assert.That(Findings(directory), Is.EqualTo("""
            4: $.tls.certificate: the file DIR/tls/cert.pem does not exist
            5: $.tls.key: the file DIR/tls/key.pem does not exist
            7: $.domains['acme.example'].dkim[0].keyFile: the file DIR/dkim/acme.pem does not exist
            """));
    }

    [Test]
    public void No_certificate_is_looked_for_where_no_listener_uses_one()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        File.Delete(directory["tls/cert.pem"]);

        Assert.That(Findings(directory, "off"), Is.Empty);
    }

    [Test]
    public void A_listener_that_says_nothing_uses_the_certificate_there_is()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        File.Delete(directory["tls/cert.pem"]);
        directory.Write("engine.json", Main.Replace(", \"tls\": \"MODE\"", string.Empty, StringComparison.Ordinal));

        Assert.That(ConfigurationLoader.Load(directory["engine.json"]).Text(), Does.Contain("does not exist"));
    }

    [TestCase(Owner | UnixFileMode.GroupRead, "")]
    [TestCase(UnixFileMode.UserRead, "")]
    [TestCase(Owner | UnixFileMode.OtherRead, "is readable by everybody (mode 0604)")]
    [TestCase(Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, "is readable by everybody (mode 0644)")]
    [TestCase(Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, "is writable by others than its owner (mode 0660)")]
    [TestCase(Owner | UnixFileMode.OtherWrite, "is writable by others than its owner (mode 0602)")]
    public void A_secret_is_its_owners(UnixFileMode mode, string fault)
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        directory.Write("tls/key.pem", File.ReadAllText(directory["tls/key.pem"]), mode);
        directory.Write("dkim/acme.pem", "any", mode);
        var expected = fault.Length == 0 ? string.Empty : $"""
            5: $.tls.key: the secret DIR/tls/key.pem {fault}: expected mode 0640 or stricter
            7: $.domains['acme.example'].dkim[0].keyFile: the secret DIR/dkim/acme.pem {fault}: expected mode 0640 or stricter
            """;

        Assert.That(Findings(directory), Is.EqualTo(expected));
    }

    [TestCase("a good one\n", Owner, "")]
    [TestCase("a good one\n", Owner | UnixFileMode.OtherRead, "3: $.relays.r.passwordFile: the secret DIR/password is readable by everybody (mode 0604): expected mode 0640 or stricter")]
    [TestCase("\n", Owner, "3: $.relays.r.passwordFile: the file DIR/password holds no password: expected one line of at most 1024 characters")]
    [TestCase("one\ntwo\n", Owner, "3: $.relays.r.passwordFile: the file DIR/password holds no password: expected one line of at most 1024 characters")]
    [TestCase(null, Owner, "3: $.relays.r.passwordFile: the file DIR/password does not exist")]
    public void A_relays_password_is_one_line_of_a_secret_file(string? password, UnixFileMode mode, string expected)
    {
        using var directory = new TemporaryDirectory();
        if (password is not null)
        {
            directory.Write("password", password, mode);
        }

        directory.Write("engine.json", """
            { "hostname": "mta1.example.com",
            "listeners": { "l": { "bind": ["127.0.0.1:2525"], "auth": "none" } },
            "relays": { "r": { "host": "relay.example.net", "user": "u", "passwordFile": "password" } } }
            """);

        Assert.That(ConfigurationLoader.Load(directory["engine.json"]).Text().Replace(directory.Path, "DIR", StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [TestCase("off", "relay.example.net", "3: $.relays.r.tls: \"off\" would send the password in the clear: that is for a loopback address only")]
    [TestCase("off", "192.0.2.9", "3: $.relays.r.tls: \"off\" would send the password in the clear: that is for a loopback address only")]
    [TestCase("off", "127.0.0.1", "")]
    [TestCase("opportunistic", "relay.example.net", "")]
    public void A_relays_password_is_for_no_wire_in_the_clear(string tls, string host, string expected)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("password", "a good one\n");
        directory.Write("engine.json", $$"""
            { "hostname": "mta1.example.com",
            "listeners": { "l": { "bind": ["127.0.0.1:2525"], "auth": "none" } },
            "relays": { "r": { "host": "{{host}}", "tls": "{{tls}}", "user": "u", "passwordFile": "password" } } }
            """);

        Assert.That(ConfigurationLoader.Load(directory["engine.json"]).Text(), Is.EqualTo(expected));
    }

    [Test]
    public void A_link_is_judged_by_the_file_it_leads_to()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        File.Delete(directory["dkim/acme.pem"]);
        directory.Write("elsewhere.pem", "any", Owner | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(directory["dkim/acme.pem"], directory["elsewhere.pem"]);

        Assert.That(Findings(directory), Does.StartWith("7: $.domains['acme.example'].dkim[0].keyFile: the secret DIR/dkim/acme.pem is readable by everybody"));
    }

    [Test]
    public void A_directory_is_no_secret()
    {
        using var directory = new TemporaryDirectory();
        WriteAll(directory);
        File.Delete(directory["dkim/acme.pem"]);
        Directory.CreateDirectory(directory["dkim/acme.pem"]);

        Assert.That(Findings(directory), Does.StartWith("7: $.domains['acme.example'].dkim[0].keyFile: the file DIR/dkim/acme.pem cannot be read: "));
    }

    private static string Findings(TemporaryDirectory directory, string mode = "starttls")
    {
        directory.Write("engine.json", Main.Replace("MODE", mode, StringComparison.Ordinal));
        return ConfigurationLoader.Load(directory["engine.json"]).Text().Replace(directory.Path, "DIR", StringComparison.Ordinal);
    }

    private static void WriteAll(TemporaryDirectory directory)
    {
        var (certificate, key) = Pair();
        directory.Write("tls/cert.pem", certificate, Owner | UnixFileMode.OtherRead);
        directory.Write("tls/key.pem", key);
        directory.Write("dkim/acme.pem", "any");
    }

    private static (string Certificate, string Key) Pair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mta1.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
