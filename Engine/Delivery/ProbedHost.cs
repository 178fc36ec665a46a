using System.Net;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>What one address of an exchanger showed, and what that means for mail.</summary>
/// <param name="Preference">Of its MX record.</param>
/// <param name="Host">The exchanger.</param>
/// <param name="Address">Null when it has none, or they could not be looked up.</param>
internal sealed record ProbedHost(ushort Preference, string Host, IPAddress? Address)
{
    /// <summary>What it calls itself; null when it did not speak.</summary>
    public string? PeerName { get; init; }

    /// <summary>What it offers, within TLS where there is TLS.</summary>
    public Extensions Offers { get; init; }

    public TlsSession? Tls { get; init; }

    public ProbedCertificate? Certificate { get; init; }

    /// <summary>Its TLSA records in words: what they came to.</summary>
    public required string Dane { get; init; }

    /// <summary>The recipient domain's MTA-STS policy in words: what it came to here.</summary>
    public required string Sts { get; init; }

    /// <summary>Whether mail would go there now, and under what; or what failed.</summary>
    public required string Verdict { get; init; }

    /// <summary>Whether mail would go there now.</summary>
    public bool IsUsable { get; init; }
}
