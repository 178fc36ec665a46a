using System.Diagnostics.CodeAnalysis;
using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Reads a private key from disk, after a look at who else may.</summary>
internal static class PrivateKeyFile
{
    // A 4096-bit key takes 3.2 KiB.
    private const int MaxLength = 65_536;

    private const UnixFileMode Forbidden =
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Reads and checks a key file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="domain">d=</param>
    /// <param name="selector">s=</param>
    /// <param name="minimumBits">Smallest RSA key taken, <c>dkim.minimumBits</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="fault">A sentence for the operator that names the file.</param>
    public static bool TryRead(
        string path,
        DomainName domain,
        string selector,
        int minimumBits,
        [NotNullWhen(true)] out SigningKey? key,
        [NotNullWhen(false)] out string? fault)
    {
        key = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            fault = FaultOf(path, OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file.SafeFileHandle), file.Length);
            if (fault is not null)
            {
                return false;
            }

            using var reader = new StreamReader(file, Encoding.Latin1);
            var isRead = PrivateKey.TryRead(reader.ReadToEnd(), domain, selector, out key, out var inner);
            fault = isRead ? Judge(path, key!, minimumBits) : $"{path} {inner}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = $"{path} cannot be read: {exception.Message}";
        }

        key = fault is null ? key : null;
        return key is not null;
    }

    /// <summary>What can be said of a key file without reading it; null when nothing is wrong.</summary>
    public static string? FaultOf(string path, UnixFileMode mode, long length) => (mode & Forbidden) is not UnixFileMode.None
        ? $"{path} has mode {Convert.ToString((int)mode, 8)}; a private key must be readable by its owner and group only and writable by its owner only (chmod 600)"
        : length is 0 or > MaxLength ? $"{path} has {length} octets, which is no private key"
        : null;

    private static string? Judge(string path, SigningKey key, int minimumBits) => key switch
    {
        RsaSigningKey rsa when rsa.Bits < minimumBits =>
            $"{path} holds an RSA key of {rsa.Bits} bits; at least {minimumBits} are required (dkim.minimumBits)",
        RsaSigningKey { Bits: > PrivateKey.MaximumBits } rsa =>
            $"{path} holds an RSA key of {rsa.Bits} bits; receivers need not verify more than {PrivateKey.MaximumBits} (RFC 8301)",
        _ => null,
    };
}
