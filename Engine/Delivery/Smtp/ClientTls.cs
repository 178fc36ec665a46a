using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Engine.Delivery.Smtp;

/// <summary>How a handshake with an exchanger is asked for.</summary>
internal static class ClientTls
{
    /// <summary>Any certificate, TLS 1.2 or newer: better than the clear, no more is claimed. RFC 7435 §3, RFC 3207 §4.1.</summary>
    /// <param name="host">Sent as SNI unless it is an address. Sessions are resumed by this name.</param>
#pragma warning disable CA5359 // Opportunistic TLS: the alternative to an unverified certificate is no encryption at all.
    public static SslClientAuthenticationOptions Opportunistic(string host) => new()
    {
        TargetHost = IPAddress.TryParse(host, out _) ? string.Empty : host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = TakeAny,

        // The chain is built even though nobody asks about it; it must not be fetched from anywhere.
        CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationFlags = X509VerificationFlags.AllFlags,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
    };
#pragma warning restore CA5359

    private static bool TakeAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;
}
