using Engine.Dns;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>Knows what a domain asks of TLS. Completes at once when it is known already. Thread-safe; trouble is an answer (none), only cancelling throws.</summary>
internal interface ITlsRequirements
{
    /// <param name="domain">The recipient domain.</param>
    /// <param name="answer">Where its mail goes; found.</param>
    /// <param name="stop">Gives up.</param>
    ValueTask<TlsRequirement> FindAsync(DomainName domain, MxAnswer answer, CancellationToken stop);
}
