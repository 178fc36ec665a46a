using Engine.Configuration;
using Engine.Delivery;
using Engine.Delivery.Dane;
using Engine.Dns;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>What delivery needs to hold certificates against names and records, made anew at each reload.</summary>
internal static class TlsParts
{
    /// <param name="needs">All else.</param>
    /// <param name="snapshot">In force from now on.</param>
    /// <param name="dns">Asked for TLSA records.</param>
    /// <param name="roots">Whose certificates are good.</param>
    public static OpeningNeeds With(OpeningNeeds needs, Snapshot snapshot, DnsClient dns, TrustedRoots roots) => needs with
    {
        Dane = snapshot.Options.Delivery.Tls.Dane ? new DaneDesk(dns) : null,
        Roots = roots,
    };
}
