using System.Security.Cryptography.X509Certificates;

namespace Engine.Wire;

/// <summary>Whose signature makes a certificate good: the host's roots, and what the operator adds. Immutable, thread-safe; lives as long as the process.</summary>
/// <param name="added">Further roots, key <c>delivery.tls.roots</c>; owned from now on.</param>
internal sealed class TrustedRoots(X509Certificate2Collection added)
{
    private readonly Lazy<X509Certificate2Collection> _all = new(() => WithSystem(added));

    /// <summary>The host's roots alone.</summary>
    public static TrustedRoots OfSystem() => new([]);

    /// <summary>The host's roots and those of a PEM file.</summary>
    /// <param name="file">Full path.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificate.</exception>
    public static TrustedRoots With(string file)
    {
        var added = new X509Certificate2Collection();
        added.ImportFromPemFile(file);
        return added.Count > 0 ? new TrustedRoots(added) : throw new System.Security.Cryptography.CryptographicException($"{file} holds no certificate in PEM");
    }

    /// <summary>How a chain is judged. A new object each time: a handshake may add to it. Nothing is ever fetched from where a certificate says.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = added.Count > 0 ? X509ChainTrustMode.CustomRootTrust : X509ChainTrustMode.System,
        };

        // id-kp-serverAuth, RFC 5280 §4.2.1.12.
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        if (added.Count > 0)
        {
            policy.CustomTrustStore.AddRange(_all.Value);
        }

        return policy;
    }

    private static X509Certificate2Collection WithSystem(X509Certificate2Collection added)
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly);
        return [.. store.Certificates, .. added];
    }
}
