using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Engine.Submission;

/// <summary>A password as engine.json holds it: <c>$pbkdf2-sha256$iterations$salt$hash</c>, the form of passlib. RFC 8018 §5.2.</summary>
internal sealed class PasswordHash
{
    /// <summary>About 50 ms of one core. Successes are remembered for minutes, so it is not paid per connection.</summary>
    public const int DefaultIterations = 200_000;

    private const int HashLength = 32;
    private const int SaltLength = 16;
    private const int MinIterations = 1_000;
    private const int MaxIterations = 5_000_000;
    private const string Prefix = "$pbkdf2-sha256$";

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        Iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    public int Iterations { get; }

    /// <summary>One that no password fits, as slow as a real one.</summary>
    public static PasswordHash Decoy(int iterations) => new(iterations, new byte[SaltLength], new byte[HashLength]);

    /// <param name="password">Hashed as UTF-8.</param>
    /// <param name="chance">Draws the salt, 16 octets.</param>
    /// <param name="iterations">From 1 000 to 5 000 000.</param>
    public static PasswordHash Make(string password, RandomNumberGenerator chance, int iterations = DefaultIterations)
    {
        var salt = new byte[SaltLength];
        chance.GetBytes(salt);
        return new PasswordHash(iterations, salt, Derive(Encoding.UTF8.GetBytes(password), salt, iterations));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out PasswordHash? password)
    {
        password = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('$') is not [var count, var salt, var hash])
        {
            return false;
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations
            || !TryDecode(salt, out var saltOctets)
            || !TryDecode(hash, out var hashOctets)
            || hashOctets.Length != HashLength)
        {
            return false;
        }

        password = new PasswordHash(iterations, saltOctets, hashOctets);
        return true;
    }

    /// <summary>Takes the same time whatever the password is. Blocks the thread for it.</summary>
    public bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Iterations), _hash);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Iterations}${Encode(_salt)}${Encode(_hash)}");

    private static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashLength);

    // passlib's base64: no padding, a dot for the plus.
    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=').Replace('+', '.');

    private static bool TryDecode(string text, out byte[] octets)
    {
        var padded = text.Replace('.', '+') + new string('=', (4 - (text.Length % 4)) % 4);
        octets = new byte[(padded.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(padded, octets, out var length))
        {
            return false;
        }

        octets = octets[..length];
        return true;
    }
}
