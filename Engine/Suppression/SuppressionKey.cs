using System.Security.Cryptography;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression;

/// <summary>
/// The list's secret, and what is derived from it: the key of digests, the key that encrypts addresses, and an id that stands in every file. Immutable; thread-safe.
/// </summary>
/// <remarks>
/// A digest is the first 96 bits of SipHash-2-4-128 over the normalised address: a function made to be keyed. Whoever has the list but not the key learns nothing from it; whoever has both can try
/// addresses, as with any hash. The keys themselves come from HMAC-SHA256 over the file.
/// </remarks>
internal sealed class SuppressionKey
{
    /// <summary>Octets a key file has at least.</summary>
    public const int MinLength = SuppressionOptions.MinKeyLength;

    // The longest normalised address: local part, at sign, domain.
    private const int MaxForm = 2 * (Mailbox.MaxLocalLength + Mailbox.MaxLength);

    private readonly SipHash _digests;

    /// <param name="secret">At least <see cref="MinLength"/> octets.</param>
    public SuppressionKey(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, MinLength);
        _digests = new SipHash(HMACSHA256.HashData(secret, "engine suppression digest 2"u8));
        Addresses = HMACSHA256.HashData(secret, "engine suppression addresses 1"u8);
        Id = BitConverter.ToUInt64(HMACSHA256.HashData(secret, "engine suppression key id 2"u8));
    }

    /// <summary>Names the key without giving it away.</summary>
    public ulong Id { get; }

    /// <summary>32 octets for AES-256-GCM.</summary>
    public byte[] Addresses { get; }

    /// <summary>Reads a key file: its octets as they are, a line end at the end included.</summary>
    /// <exception cref="SuppressionDamagedException">It is too short.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SuppressionKey Load(string path)
    {
        var secret = File.ReadAllBytes(path);
        return secret.Length >= MinLength
            ? new SuppressionKey(secret)
            : throw new SuppressionDamagedException(path, $"holds {secret.Length} octets, and a key needs {MinLength}");
    }

    /// <summary>Reads the key, or makes one, mode 0600 and on stable storage, where there is neither a key nor a list.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SuppressionDamagedException">It is too short; or it is absent and the directory holds a list.</exception>
    public static SuppressionKey LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            return Load(path);
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (File.Exists(Path.Join(directory, Storing.Manifest.FileName)))
        {
            throw new SuppressionDamagedException(path, "is missing, and the list beside it cannot be read without it: put it back from a backup");
        }

        Directory.CreateDirectory(directory);
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(MinLength));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        DurableFile.SyncDirectory(directory);
        return Load(path);
    }

    public AddressDigest DigestOf(in Mailbox address)
    {
        Span<byte> form = stackalloc byte[MaxForm];
        var (first, last) = _digests.Of(form[..AddressForm.Write(address, form)]);
        return new AddressDigest(first, (uint)last);
    }
}
