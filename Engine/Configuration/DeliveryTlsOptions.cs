using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>TLS towards receivers. Key <c>delivery.tls</c>.</summary>
internal sealed record DeliveryTlsOptions
{
    public TlsPolicy Policy { get; init; } = TlsPolicy.Opportunistic;

    /// <summary>Whether receivers' MTA-STS policies are fetched and kept to (RFC 8461). Default true.</summary>
    public bool MtaSts { get; init; } = true;

    /// <summary>Whether TLSA records are asked for and kept to (RFC 7672); needs a validating resolver on loopback and <c>dns.trustAd</c>, without which there are none. Default true.</summary>
    public bool Dane { get; init; } = true;

    /// <summary>Whether receivers that ask for it get a daily report of what TLS with them came to (RFC 8460). Default true.</summary>
    public bool Report { get; init; } = true;

    /// <summary>PEM file of root certificates that are trusted beside the host's, for policies, reports and verified exchangers. Relative paths start at engine.json; default none. Read again at reload.</summary>
    [Form(TextForm.Path)]
    public string? Roots { get; init; }
}
