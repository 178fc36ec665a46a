using System.Security.Cryptography;
using System.Text;

namespace Engine.Submission;

/// <summary>Logins that were good a short while ago, so that a busy client pays for its password once in five minutes. Thread-safe.</summary>
/// <remarks>It holds keyed digests only; the key lives and dies with the process. A digest covers the configured hash, and a reload empties it all.</remarks>
internal sealed class AuthCache(TimeProvider clock)
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<UInt128, DateTimeOffset> _until = [];
    private readonly Lock _gate = new();
    private SubmissionRules? _rules;

    public bool Contains(SubmissionRules rules, LoginRules login, ReadOnlySpan<byte> password)
    {
        var digest = Digest(login, password);
        lock (_gate)
        {
            return ReferenceEquals(rules, _rules) && _until.TryGetValue(digest, out var until) && until > clock.GetUtcNow();
        }
    }

    public void Add(SubmissionRules rules, LoginRules login, ReadOnlySpan<byte> password)
    {
        var digest = Digest(login, password);
        lock (_gate)
        {
            if (!ReferenceEquals(rules, _rules) || _until.Count >= MaxEntries)
            {
                _until.Clear();
                _rules = rules;
            }

            _until[digest] = clock.GetUtcNow() + Lifetime;
        }
    }

    private UInt128 Digest(LoginRules login, ReadOnlySpan<byte> password)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{login.Name}\0{login.Password}\0"));
        hash.AppendData(password);
        Span<byte> octets = stackalloc byte[32];
        _ = hash.GetHashAndReset(octets);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(octets);
    }
}
