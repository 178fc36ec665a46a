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
    public static OpeningNeeds With(OpeningNeeds needs, Snapshot snapshot, DnsClient dns) => needs with
    {
        Dane = snapshot.Options.Delivery.Tls.Dane ? new DaneDesk(dns) : null,
        Roots = RootsOf(snapshot),
    };

    /// <summary>The host's, and those of <c>delivery.tls.roots</c>: that the file can be read was checked with the configuration.</summary>
    /// <exception cref="IOException">It has gone since.</exception>
    public static TrustedRoots RootsOf(Snapshot snapshot) =>
        snapshot.Options.Delivery.Tls.Roots is { } file ? TrustedRoots.With(snapshot.PathTo(file)) : TrustedRoots.OfSystem();
}
