using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>
/// What is stored and looked up: a digest and the number of a scope as 128 bits that look like chance, so that they sort, hash and page evenly. A permutation: two different pairs are two
/// different keys, and an export gets the pair back.
/// </summary>
/// <remarks>Three rounds of a Feistel network over two halves of 64 bits; some 4 ns. It hides nothing: the digest is keyed already.</remarks>
internal readonly record struct StoredKey(ulong High, ulong Low) : IComparable<StoredKey>
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;
    private const ulong Third = 0x165667B19E3779F9;

    public static bool operator <(StoredKey left, StoredKey right) => left.CompareTo(right) < 0;

    public static bool operator >(StoredKey left, StoredKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(StoredKey left, StoredKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StoredKey left, StoredKey right) => left.CompareTo(right) >= 0;

    public static StoredKey Of(AddressDigest address, uint scope)
    {
        var (high, low) = (address.High, ((ulong)address.Low << 32) | scope);
        high ^= Mix(low + First);
        low ^= Mix(high + Second);
        high ^= Mix(low + Third);
        return new StoredKey(high, low);
    }

    /// <summary>The digest and the scope's number that it was made of.</summary>
    public (AddressDigest Address, uint Scope) Open()
    {
        var (high, low) = (High, Low);
        high ^= Mix(low + Third);
        low ^= Mix(high + Second);
        high ^= Mix(low + First);
        return (new AddressDigest(high, (uint)(low >> 32)), (uint)low);
    }

    public int CompareTo(StoredKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    // The finaliser of MurmurHash3: every bit of what goes in moves every bit of what comes out.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
