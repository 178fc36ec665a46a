using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Engine.Dkim;

namespace Engine.Tests.Dkim;

internal sealed class PrivateKeyTests
{
    [Test]
    public void PKCS8_and_PKCS1_give_the_same_key()
    {
        using var rsa = RSA.Create(1_024);

        Assert.That(Read(rsa.ExportPkcs8PrivateKeyPem()).Key!.ExportPublicKey(), Is.EqualTo(rsa.ExportSubjectPublicKeyInfo()));
        Assert.That(Read(rsa.ExportRSAPrivateKeyPem()).Key!.ExportPublicKey(), Is.EqualTo(rsa.ExportSubjectPublicKeyInfo()));
    }

    // RFC 8410 §10.3, and the public key of §10.1.
    [Test]
    public void The_Ed25519_example_of_RFC_8410_is_read()
    {
        const string Pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

        Assert.That(Convert.ToBase64String(Read(Pem).Key!.ExportPublicKey()), Is.EqualTo("Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="));
    }

    [Test]
    public void New_keys_read_back()
    {
        Assert.That(Read(PrivateKey.NewEd25519()).Key, Is.TypeOf<Ed25519SigningKey>());
        Assert.That(Read(PrivateKey.NewRsa(2_048)).Key, Is.TypeOf<RsaSigningKey>().With.Property(nameof(RsaSigningKey.Bits)).EqualTo(2_048));
    }

    [Test]
    public void Text_round_the_key_does_no_harm() => Assert.That(Read("Bag Attributes\n x\n" + PrivateKey.NewEd25519() + "\ntail").Key, Is.Not.Null);

    [TestCase("", "no PEM block")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nnot base64!\n-----END PRIVATE KEY-----\n", "no PEM block")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5\n-----END PRIVATE KEY-----\n", "damaged")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5\n-----END RSA PRIVATE KEY-----\n", "damaged")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n", "holds 'PUBLIC KEY'")]
    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n-----END ENCRYPTED PRIVATE KEY-----\n", "encrypted")]
    public void What_is_no_key_is_named(string pem, string expected)
    {
        var (key, fault) = Read(pem);

        Assert.That(key, Is.Null);
        Assert.That(fault, Does.Contain(expected));
    }

    [Test]
    public void A_key_of_another_algorithm_is_refused()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(Read(curve.ExportPkcs8PrivateKeyPem()).Fault, Does.Contain("1.2.840.10045.2.1"));
    }

    [Test]
    public void A_key_cut_anywhere_is_refused_and_never_throws()
    {
        foreach (var pem in (string[])[PrivateKey.NewEd25519(), PrivateKey.NewRsa(1_024)])
        {
            var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))));
            for (var length = 0; length < der.Length; length++)
            {
                Assert.That(Read(PemEncoding.WriteString("PRIVATE KEY", der.AsSpan(0, length))).Key, Is.Null, $"cut at {length}");
            }
        }
    }

    // RFC 8463 appendix A: the seed is that of RFC 8032 §7.1 test 1 and belongs to the record of brisbane._domainkey.football.example.com.
    [Test]
    public void The_public_key_of_RFC_8463_comes_from_its_seed()
    {
        var key = new Ed25519SigningKey(Samples.Domain, "brisbane", Convert.FromBase64String("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="));

        Assert.That(DkimRecord.For(key).Text, Is.EqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "file modes")]
    [UnsupportedOSPlatform("windows")]
    public void Generated_files_are_private_and_load([Values] KeyKind kind)
    {
        var directory = Directory.CreateTempSubdirectory("engine-keys-");
        try
        {
            var path = Path.Join(directory.FullName, "acme.example.s1.pem");
            KeyGenerator.Write(path, kind);

            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(PrivateKeyFile.TryRead(path, Samples.Domain, "s1", 2_048, out var key, out var fault), Is.True, fault);
            Assert.That(key is RsaSigningKey rsa ? $"Rsa{rsa.Bits}" : "Ed25519", Is.EqualTo(kind.ToString()));
            Assert.That(() => KeyGenerator.Write(path, kind), Throws.InstanceOf<IOException>(), "a key is never overwritten");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static (SigningKey? Key, string? Fault) Read(string pem)
    {
        PrivateKey.TryRead(Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(pem)), Samples.Domain, "s1", out var key, out var fault);
        return (key, fault);
    }
}
