using System.Globalization;
using System.Text;

namespace Engine.Reports.Tls;

/// <summary>Writes the mail that carries a report: multipart/report of type tlsrpt. RFC 8460 §5.3.</summary>
internal static class TlsReportMail
{
    private const int LineLength = 76;

    /// <summary>The whole message, CRLF line ends; ASCII where From is.</summary>
    /// <param name="name">Which report.</param>
    /// <param name="terms">Whose.</param>
    /// <param name="target">A mailbox.</param>
    /// <param name="report">Compressed.</param>
    /// <param name="now">Date.</param>
    public static ReadOnlyMemory<byte> Write(TlsReportName name, TlsReportTerms terms, TlsReportTarget target, ReadOnlyMemory<byte> report, DateTimeOffset now)
    {
        var boundary = $"=_{name.Id.Replace('@', '_')}";
        var text = new StringBuilder(1_024 + (report.Length * 3 / 2))
            .Append("From: <").Append(terms.From).Append(">\r\nTo: <").Append(target.Address).Append(">\r\n")
            .Append("Subject: ").Append(name.Subject).Append("\r\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {now.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n")
            .Append("Message-ID: <").Append(name.Id).Append(">\r\n")
            .Append("TLS-Report-Domain: ").Append(name.Domain).Append("\r\nTLS-Report-Submitter: ").Append(name.Submitter).Append("\r\n")
            .Append("TLS-Required: No\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n")
            .Append("Content-Type: multipart/report; report-type=\"tlsrpt\";\r\n\tboundary=\"").Append(boundary).Append("\"\r\n\r\n")
            .Append("--").Append(boundary).Append("\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n")
            .Append("This is an aggregate TLS report from ").Append(name.Submitter).Append("\r\nabout mail to ").Append(name.Domain)
            .Append(CultureInfo.InvariantCulture, $"\r\non {name.Day:yyyy-MM-dd} (UTC). It counts sessions and names no message.\r\n\r\n")
            .Append("--").Append(boundary).Append("\r\nContent-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64\r\n")
            .Append("Content-Disposition: attachment;\r\n\tfilename=\"").Append(name.FileName).Append("\"\r\n\r\n");
        var encoded = Convert.ToBase64String(report.Span);
        for (var at = 0; at < encoded.Length; at += LineLength)
        {
            text.Append(encoded, at, Math.Min(LineLength, encoded.Length - at)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n--").Append(boundary).Append("--\r\n").ToString());
    }
}
