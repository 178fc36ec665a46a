using System.Collections.Frozen;
using System.Collections.Immutable;
using Engine.Mail;

namespace Engine.Dkim.Rotation;

/// <summary>Every domain whose keys are rotated, or one of whose was revoked. Immutable: readers take it once.</summary>
/// <param name="domains">By name.</param>
/// <param name="version">Counts changes, over restarts.</param>
/// <param name="same">A book by which the same keys sign and have ended: what was made of that is taken over; null for none.</param>
internal sealed class RotationBook(ImmutableDictionary<DomainName, DomainRotation> domains, long version, RotationBook? same = null) : IKeyStandings
{
    public static readonly RotationBook Blank = new(ImmutableDictionary<DomainName, DomainRotation>.Empty, 0);

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _withdrawn = same?._withdrawn ?? Withdrawn(domains);
    private readonly FrozenSet<DomainName> _withheld = same?._withheld ?? domains.Values.Where(static domain => domain.IsWithheld).Select(static domain => domain.Domain).ToFrozenSet();

    public long Version { get; } = version;

    public ImmutableDictionary<DomainName, DomainRotation> Domains { get; } = domains;

    /// <summary>False while every signature ever made is still good: nothing queued need be looked at.</summary>
    public bool HasWithdrawn { get; } = same?.HasWithdrawn ?? domains.Values.Any(static domain => domain.Keys.Exists(static key => key.Standing is KeyStanding.Retired or KeyStanding.Revoked));

    public DomainRotation Of(DomainName domain) => Domains.GetValueOrDefault(domain) ?? DomainRotation.Empty(domain);

    public bool MaySign(DomainName domain, string selector) => !Domains.TryGetValue(domain, out var rotation) || rotation.MaySign(selector);

    public bool HasNeverSigned(DomainName domain) => Domains.TryGetValue(domain, out var rotation) && rotation.HasNeverSigned;

    /// <summary>Whether a signature of this d= and s= must not leave any more: the key is revoked, or its record may be gone. No allocation.</summary>
    public bool IsWithdrawn(ReadOnlySpan<char> domain, ReadOnlySpan<char> selector)
    {
        const int MaxName = 253;
        if (!HasWithdrawn || domain.Length > MaxName || selector.Length > MaxName)
        {
            return false;
        }

        Span<char> name = stackalloc char[(2 * MaxName) + 1];
        var length = selector.ToLowerInvariant(name);
        name[length++] = ' ';
        length += domain.ToLowerInvariant(name[length..]);
        return _withdrawn.Contains(name[..length]);
    }

    /// <summary>Whether mail from this domain must wait: a key of it was revoked, and none may sign yet.</summary>
    /// <param name="from">The author domain.</param>
    /// <param name="signers">The keys that would sign for it: those of a nearer domain count.</param>
    public bool IsWithheld(DomainName from, IReadOnlyList<SigningKey> signers)
    {
        if (_withheld.Count == 0)
        {
            return false;
        }

        for (var name = from.Name; name.Length > 0; name = Above(name))
        {
            if (!DomainName.TryParse(name, out var domain))
            {
                return false;
            }

            if (signers.Any(key => key.Domain == domain))
            {
                return false;
            }

            if (_withheld.Contains(domain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The book with one domain's state changed; this one when it is the same.</summary>
    public RotationBook With(DomainRotation next)
    {
        if (ReferenceEquals(Domains.GetValueOrDefault(next.Domain), next) || (next.Keys.IsEmpty && !Domains.ContainsKey(next.Domain)))
        {
            return this;
        }

        return new RotationBook(next.Keys.IsEmpty ? Domains.Remove(next.Domain) : Domains.SetItem(next.Domain, next), Version + 1, next.SignsAs(Of(next.Domain)) ? this : null);
    }

    private static string Above(string name) => name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? name[(dot + 1)..] : string.Empty;

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Withdrawn(ImmutableDictionary<DomainName, DomainRotation> domains) => domains.Values
        .SelectMany(static domain => domain.Keys
            .Where(static key => key.Standing is KeyStanding.Retired or KeyStanding.Revoked)
            .Select(key => $"{key.Selector.ToLowerInvariant()} {domain.Domain.Name}"))
        .ToFrozenSet(StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();
}
