using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Engine.Reputation.Blocklists;

/// <summary>Of whom lists are asked: a source by its address, or a sending domain.</summary>
/// <param name="Source">Name of the source; empty for a domain.</param>
/// <param name="Target">The address or domain as text, in its one form.</param>
internal readonly record struct ListSubject(string Source, string Target)
{
    public bool IsSource => !string.IsNullOrEmpty(Source);

    /// <summary>For events and alerts: the name an operator knows it by.</summary>
    public string Name => IsSource ? Source : Target;

    public static ListSubject Of(string source, IPAddress address) => new(source, address.ToString());

    public static ListSubject Of(Mail.DomainName domain) => new(string.Empty, domain.Name);

    public bool IsSourceAddress([NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return IsSource && IPAddress.TryParse(Target, out address);
    }

    public bool Asks(Blocklist list) => IsSource ? list.IsFor(IPAddress.Parse(Target)) : list.Kind is ListKind.Domain;
}
