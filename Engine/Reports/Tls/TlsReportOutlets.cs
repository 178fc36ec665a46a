using Engine.Dns;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Reports.Tls;

/// <summary>How reports reach the world. Who composes says it.</summary>
internal sealed record TlsReportOutlets
{
    /// <summary>The TXT records at a name.</summary>
    public required Func<DomainName, CancellationToken, ValueTask<DnsAnswer>> AskText { get; init; }

    /// <summary>Takes mail of our own.</summary>
    public required IIntake Intake { get; init; }

    /// <summary>The d= of every DKIM signature that mail from this domain gets now.</summary>
    public required Func<DomainName, IEnumerable<DomainName>> Signers { get; init; }

    /// <summary>Posts a compressed report.</summary>
    public required Func<Uri, ReadOnlyMemory<byte>, CancellationToken, ValueTask<HttpsAnswer>> PostAsync { get; init; }

    /// <summary>
    /// Whether the domain itself, or one above it, signs: a report without that, or signed by somebody else alone, counts for nothing (RFC 8460 §3).
    /// </summary>
    public bool IsSigned(DomainName from) => Signers(from).Any(signer => signer == from || from.Name.EndsWith($".{signer}", StringComparison.Ordinal));

    /// <summary>For a <see cref="StrictHttps"/>: 20 s in all, an answer of at most 64 KiB, which nobody reads.</summary>
    public static Func<Uri, ReadOnlyMemory<byte>, CancellationToken, ValueTask<HttpsAnswer>> Over(StrictHttps https) =>
        (uri, report, stop) => https.PostAsync(uri, report, "application/tlsrpt+gzip", 64 << 10, TimeSpan.FromSeconds(20), stop);
}
