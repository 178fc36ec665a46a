using System.Buffers.Text;
using System.Globalization;

namespace Engine.Configuration;

/// <summary>
/// A password as engine.json keeps it: <c>$pbkdf2-sha256$iterations$salt$hash</c>, the form of passlib. Salt and hash are base64 with
/// <c>.</c> for <c>+</c> and no padding.
/// </summary>
/// <param name="Iterations">From 10 000 to 10 000 000; 100 000 and more are advised.</param>
/// <param name="Salt">8 to 64 octets (RFC 8018 §4.1 asks for 8).</param>
/// <param name="Hash">32 octets.</param>
internal sealed record PasswordHash(int Iterations, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Hash)
{
    public const int MinIterations = 10_000;

    /// <summary>About two seconds of a core for one login.</summary>
    public const int MaxIterations = 10_000_000;

    private const int HashLength = 32;

    /// <summary>Takes the text apart. The error is a sentence that does not show the hash.</summary>
    public static bool TryParse(string text, out PasswordHash? hash, out string error)
    {
        (hash, error) = (null, "expected a hash of the form $pbkdf2-sha256$iterations$salt$hash");
        if (text.Split('$') is not ["", "pbkdf2-sha256", var count, var salt, var key]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || Decode(salt) is not { } saltOctets
            || Decode(key) is not { } keyOctets)
        {
            return false;
        }

        error = iterations switch
        {
            < MinIterations => FormattableString.Invariant(
                $"expected a hash of at least {MinIterations} iterations (100000 or more are advised), found {iterations}"),
            > MaxIterations => FormattableString.Invariant($"expected a hash of at most {MaxIterations} iterations, found {iterations}"),
            _ when saltOctets.Length is < 8 or > 64 => FormattableString.Invariant($"expected a salt of 8 to 64 octets, found {saltOctets.Length}"),
            _ when keyOctets.Length != HashLength => FormattableString.Invariant($"expected a hash of {HashLength} octets, found {keyOctets.Length}"),
            _ => string.Empty,
        };
        hash = error.Length == 0 ? new PasswordHash(iterations, saltOctets, keyOctets) : null;
        return hash is not null;
    }

    public override string ToString() => "***";

    private static byte[]? Decode(string text)
    {
        var base64 = text.Replace('.', '+') + (text.Length % 4) switch { 2 => "==", 3 => "=", _ => string.Empty };
        return !text.AsSpan().ContainsAny('+', '=') && Base64.IsValid(base64) ? Convert.FromBase64String(base64) : null;
    }
}
