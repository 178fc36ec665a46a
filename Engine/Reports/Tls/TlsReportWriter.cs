using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Writes the JSON of a report: counts, and nothing of any message. RFC 8460 §4.4.</summary>
internal static class TlsReportWriter
{
    // A policy may have many lines, a server a long name; a report need not repeat them all.
    private const int MaxLines = 100;
    private const int MaxText = 1_000;

    public static ReadOnlyMemory<byte> Write(TlsReportName name, TlsReportTerms terms, IReadOnlyList<TlsPolicyCounts> policies)
    {
        var output = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("organization-name"u8, terms.Organization);
            json.WriteStartObject("date-range"u8);
            json.WriteString("start-datetime"u8, TimeOf(name.Begin));
            json.WriteString("end-datetime"u8, TimeOf(name.End));
            json.WriteEndObject();
            json.WriteString("contact-info"u8, terms.Contact);
            json.WriteString("report-id"u8, name.Id);
            json.WriteStartArray("policies"u8);
            foreach (var policy in policies)
            {
                Write(json, name.Domain, policy);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> json)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(json.Span);
        }

        return packed.ToArray();
    }

    /// <summary>The registered name of a failure. RFC 8460 §4.3, §6.6.</summary>
    public static string ResultType(TlsFailure failure) => failure switch
    {
        TlsFailure.StartTlsNotSupported => "starttls-not-supported",
        TlsFailure.CertificateHostMismatch => "certificate-host-mismatch",
        TlsFailure.CertificateExpired => "certificate-expired",
        TlsFailure.CertificateNotTrusted => "certificate-not-trusted",
        TlsFailure.TlsaInvalid => "tlsa-invalid",
        TlsFailure.DnssecInvalid => "dnssec-invalid",
        TlsFailure.DaneRequired => "dane-required",
        TlsFailure.StsPolicyFetch => "sts-policy-fetch-error",
        TlsFailure.StsPolicyInvalid => "sts-policy-invalid",
        TlsFailure.StsWebPkiInvalid => "sts-webpki-invalid",
        _ => "validation-failure",
    };

    public static string PolicyType(TlsPolicyKind kind) => kind switch
    {
        TlsPolicyKind.Sts => "sts",
        TlsPolicyKind.Tlsa => "tlsa",
        _ => "no-policy-found",
    };

    private static void Write(Utf8JsonWriter json, DomainName domain, TlsPolicyCounts policy)
    {
        json.WriteStartObject();
        json.WriteStartObject("policy"u8);
        json.WriteString("policy-type"u8, PolicyType(policy.Kind));
        Write(json, "policy-string", policy.Lines);
        json.WriteString("policy-domain"u8, domain.Name);
        Write(json, "mx-host", policy.Hosts);
        json.WriteEndObject();
        json.WriteStartObject("summary"u8);
        json.WriteNumber("total-successful-session-count"u8, policy.Succeeded);
        json.WriteNumber("total-failure-session-count"u8, policy.Failed);
        json.WriteEndObject();
        if (policy.Failures.Count > 0)
        {
            json.WriteStartArray("failure-details"u8);
            foreach (var failure in policy.Failures)
            {
                Write(json, failure);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TlsFailureCount failure)
    {
        json.WriteStartObject();
        json.WriteString("result-type"u8, ResultType(failure.Detail.Failure));
        Write(json, "sending-mta-ip", failure.Detail.Sending?.ToString());
        Write(json, "receiving-mx-hostname", failure.Detail.Mx);
        Write(json, "receiving-mx-helo", failure.Helo);
        Write(json, "receiving-ip", failure.Detail.Receiving?.ToString());
        json.WriteNumber("failed-session-count"u8, failure.Sessions);
        Write(json, "failure-reason-code", failure.Detail.Reason);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(key, Cut(text));
        }
    }

    private static void Write(Utf8JsonWriter json, string key, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        json.WriteStartArray(key);
        foreach (var line in lines.Take(MaxLines))
        {
            json.WriteStringValue(Cut(line));
        }

        json.WriteEndArray();
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];

    // RFC 3339, in seconds.
    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
