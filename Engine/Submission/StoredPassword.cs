using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Engine.Configuration;

namespace Engine.Submission;

/// <summary>Makes and verifies what <see cref="PasswordHash"/> reads. PBKDF2, RFC 8018 §5.2.</summary>
internal sealed class StoredPassword
{
    /// <summary>About 50 ms of one core. Successes are remembered for minutes, so it is not paid per connection.</summary>
    public const int DefaultIterations = 200_000;

    private const int HashLength = 32;
    private const int SaltLength = 16;
    private const string Prefix = "$pbkdf2-sha256$";

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private StoredPassword(int iterations, byte[] salt, byte[] hash)
    {
        Iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    public int Iterations { get; }

    /// <summary>One that no password fits, as slow as a real one.</summary>
    public static StoredPassword Decoy(int iterations) => new(iterations, new byte[SaltLength], new byte[HashLength]);

    /// <param name="password">Hashed as UTF-8.</param>
    /// <param name="chance">Draws the salt, 16 octets.</param>
    /// <param name="iterations">As <see cref="PasswordHash"/> allows.</param>
    public static StoredPassword Make(string password, RandomNumberGenerator chance, int iterations = DefaultIterations)
    {
        var salt = new byte[SaltLength];
        chance.GetBytes(salt);
        return new StoredPassword(iterations, salt, Derive(Encoding.UTF8.GetBytes(password), salt, iterations));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out StoredPassword? password)
    {
        password = text is not null && PasswordHash.TryParse(text, out var hash, out _)
            ? new StoredPassword(hash!.Iterations, hash.Salt.ToArray(), hash.Hash.ToArray())
            : null;
        return password is not null;
    }

    /// <summary>Takes the same time whatever the password is. Blocks the thread for it.</summary>
    public bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Iterations), _hash);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Iterations}${Encode(_salt)}${Encode(_hash)}");

    private static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashLength);

    // passlib's base64: no padding, a dot for the plus.
    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=').Replace('+', '.');
}
