using System.Net;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>By what we know ourselves among the exchangers of a domain.</summary>
/// <param name="Names">Our host names, those of the sources too.</param>
/// <param name="Addresses">Where we take mail.</param>
internal sealed record OwnIdentity(IReadOnlySet<DomainName> Names, IReadOnlySet<IPAddress> Addresses);
