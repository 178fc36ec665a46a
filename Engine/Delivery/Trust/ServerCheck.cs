using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Trust;

/// <summary>Looks at the certificate of one handshake as a demand has it, and keeps what came of it. One for each session; used by one thread at a time.</summary>
/// <param name="demand">What it must come to.</param>
/// <param name="host">The exchanger, for SNI where the demand names nobody.</param>
/// <param name="roots">Whose certificates are good; asked where the proof is a name. Null for the host's roots.</param>
/// <param name="clock">For dates, with DANE.</param>
internal sealed class ServerCheck(TlsDemand demand, string host, TrustedRoots? roots, TimeProvider clock)
{
    /// <summary>What it held against. None where nothing was checked or it did not hold.</summary>
    public TlsProof Proof { get; private set; }

    /// <summary>What was wrong with it; None before a handshake.</summary>
    public TlsFailure Failure { get; private set; }

    /// <summary>In plain words; null for nothing.</summary>
    public string? Reason { get; private set; }

    /// <summary>Shown the certificates and whether roots and name hold, whatever the demand; null shows nobody. What it is given is borrowed.</summary>
    public Action<X509Certificate2, IReadOnlyList<X509Certificate2>, (TlsFailure Failure, string Reason)>? Shown { get; init; }

    /// <summary>How the handshake is asked for: TLS 1.2 or newer, SNI unless the host is an address, no ALPN (no protocol of that name is registered for SMTP).</summary>
    public SslClientAuthenticationOptions Options()
    {
        var name = demand.Name.Length > 0 ? demand.Name : host;
        return new SslClientAuthenticationOptions
        {
            TargetHost = IPAddress.TryParse(name, out _) ? string.Empty : name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = Take,
            CertificateChainPolicy = IsByRoots || Shown is not null ? (roots ?? TrustedRoots.OfSystem()).Policy() : Anybody(),

            // A session that was agreed on without looking must not stand in for one that is looked at.
            AllowTlsResume = demand is { Proof: TlsProof.None } && Shown is null,
        };
    }

    private bool IsByRoots => demand.Proof is TlsProof.Sts or TlsProof.Pkix;

    // The chain is built even though nobody asks about it; it must not be fetched from anywhere.
    private static X509ChainPolicy Anybody() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };

    private bool Take(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        (Failure, Reason) = Judge(certificate as X509Certificate2, chain);
        Proof = Failure is TlsFailure.None && !demand.IsTrial ? demand.Proof : TlsProof.None;
        return Failure is TlsFailure.None || demand.IsTrial || demand.Level is not TlsPolicy.Verified;
    }

    private (TlsFailure Failure, string? Reason) Judge(X509Certificate2? leaf, X509Chain? chain)
    {
        if (leaf is null || chain is null)
        {
            return demand.Proof is TlsProof.None ? default : (TlsFailure.CertificateNotTrusted, "the server shows no certificate");
        }

        var sent = demand.Proof is TlsProof.Dane || Shown is not null ? chain.ChainPolicy.ExtraStore.ToArray() : [];
        if (Shown is not null)
        {
            Shown(leaf, sent, ByRoots(leaf, chain, host));
        }

        return demand.Proof switch
        {
            TlsProof.Dane => ByDane(leaf, sent),
            TlsProof.Sts or TlsProof.Pkix => ByRoots(leaf, chain, demand.Name),
            _ => default,
        };
    }

    private (TlsFailure Failure, string? Reason) ByDane(X509Certificate2 leaf, X509Certificate2[] sent)
    {
        var verdict = DaneMatch.Check(demand.Tlsa!, leaf, sent, host == demand.Name ? [host] : [demand.Name, host], clock.GetUtcNow());
        return (verdict.Failure, verdict.Reason.Length > 0 ? verdict.Reason : null);
    }

    // The chain was built by the policy of the roots. RFC 8461 §4.2: only names of the subjectAltName count.
    private static (TlsFailure Failure, string Reason) ByRoots(X509Certificate2 leaf, X509Chain chain, string name)
    {
        var flags = X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus)
        {
            flags |= status.Status;
        }

        return flags switch
        {
            X509ChainStatusFlags.NoError when CertificateNames.Has(leaf, [name], allowCommonName: false) => (TlsFailure.None, string.Empty),
            X509ChainStatusFlags.NoError => (TlsFailure.CertificateHostMismatch, $"the certificate is not for {name}"),
            X509ChainStatusFlags.NotTimeValid => (TlsFailure.CertificateExpired, "the certificate, or one above it, is past its dates, or not there yet"),
            _ => (TlsFailure.CertificateNotTrusted, $"the certificate is not trusted: {flags}"),
        };
    }
}
