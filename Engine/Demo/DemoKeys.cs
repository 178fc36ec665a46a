using System.Security.Cryptography;
using System.Text;
using Engine.Dns;
using Org.BouncyCastle.Crypto.Parameters;

namespace Engine.Demo;

/// <summary>Makes signing keys for a demo: files that the engine finds by their names, and the records that publish them.</summary>
internal static class DemoKeys
{
    /// <summary>Signatures a message gets: one by each key.</summary>
    public const int Count = 2;

    private const int SeedLength = 32;

    // PKCS#8 of an Ed25519 seed up to the seed. RFC 8410 §7.
    private static ReadOnlySpan<byte> Ed25519Head => [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    /// <summary>RSA-2048 as selector <c>r1</c>, Ed25519 as <c>e1</c>.</summary>
    /// <param name="directory">Made when it is not there.</param>
    /// <param name="domain">d=</param>
    /// <param name="names">Gets the TXT records.</param>
    public static void Create(string directory, string domain, DnsTable names)
    {
        Directory.CreateDirectory(directory);
        using var rsa = RSA.Create(2_048);
        Write(directory, domain, "r1", rsa.ExportPkcs8PrivateKeyPem());
        Publish(names, domain, "r1", "rsa", rsa.ExportSubjectPublicKeyInfo());

        var seed = RandomNumberGenerator.GetBytes(SeedLength);
        Write(directory, domain, "e1", PemEncoding.WriteString("PRIVATE KEY", [.. Ed25519Head, .. seed]));
        Publish(names, domain, "e1", "ed25519", new Ed25519PrivateKeyParameters(seed, 0).GeneratePublicKey().GetEncoded());
    }

    private static void Publish(DnsTable names, string domain, string selector, string kind, byte[] key) =>
        names.Add($"{selector}._domainkey.{domain}", new DnsRecord.Text($"v=DKIM1; k={kind}; p={Convert.ToBase64String(key)}"));

    private static void Write(string directory, string domain, string selector, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(Path.Join(directory, $"{domain}.{selector}.pem"), options);
        file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
    }
}
