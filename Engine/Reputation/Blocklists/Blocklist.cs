using System.Net;
using System.Net.Sockets;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>One list that is asked: a zone and one kind of question. Immutable.</summary>
internal sealed class Blocklist
{
    /// <summary>What is shown, saved and configured: the zone without its key.</summary>
    public required string Zone { get; init; }

    public required ListKind Kind { get; init; }

    public required ListWeight Weight { get; init; }

    /// <summary>What is asked. May hold a key, which is a secret: it is never shown or logged.</summary>
    public required DomainName Suffix { get; init; }

    public required AnswerRules Rules { get; init; }

    /// <summary>Operators (provider ids) that refuse by it; <c>*</c> for all; empty when a listing only alerts.</summary>
    public IReadOnlyList<string> Affects { get; init; } = [];

    /// <summary>What must stand in it (RFC 5782 §5); null when the zone has no such entry.</summary>
    public string? MustList { get; init; }

    /// <summary>What must not stand in it.</summary>
    public required string MustNotList { get; init; }

    /// <summary>Words by which replies name it, lower case; the zone itself always is one.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    public string Delisting { get; init; } = string.Empty;

    public string Operator { get; init; } = string.Empty;

    public string Access { get; init; } = string.Empty;

    public string Note { get; init; } = string.Empty;

    public bool IsFor(IPAddress address) =>
        Kind == (address.AddressFamily is AddressFamily.InterNetworkV6 ? ListKind.Ip6 : ListKind.Ip4);

    /// <summary>The name to ask for a subject or test point: the address backwards (RFC 5782 §2.1, §2.4) or the domain as it is, under the zone.</summary>
    /// <returns>False when there is no such name, as it would be too long.</returns>
    public bool TryName(string subject, out DomainName name)
    {
        if (Kind is ListKind.Domain)
        {
            return DomainName.TryParse($"{subject}.{Suffix}", out name);
        }

        name = ReverseName.Under(IPAddress.Parse(subject), Suffix);
        return true;
    }

    public override string ToString() => Kind is ListKind.Ip6 ? $"{Zone} (IPv6)" : Kind is ListKind.Domain ? $"{Zone} (domains)" : Zone;
}
