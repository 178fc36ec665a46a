using System.Text;

namespace Engine.Dkim;

/// <summary>Makes new key files.</summary>
internal static class KeyGenerator
{
    /// <summary>Writes a new private key, PKCS#8 PEM, mode 0600, on stable storage when it returns.</summary>
    /// <param name="path">Must not exist: an old key may still be in use.</param>
    /// <param name="kind">Which.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public static void Write(string path, KeyKind kind)
    {
        var pem = kind switch
        {
            KeyKind.Rsa2048 => PrivateKey.NewRsa(2_048),
            KeyKind.Rsa3072 => PrivateKey.NewRsa(3_072),
            KeyKind.Rsa4096 => PrivateKey.NewRsa(4_096),
            KeyKind.Ed25519 => PrivateKey.NewEd25519(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of key."),
        };

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(pem));
        file.Flush(flushToDisk: true);
    }
}
