using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Delivery.Dane;
using Engine.Dns;

namespace Engine.Tests.Delivery.Dane;

/// <summary>TLSA records made of certificates.</summary>
internal static class TlsaText
{
    public static DnsRecord.Tlsa Of(byte usage, byte selector, byte matching, X509Certificate2 certificate)
    {
        var part = selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return new DnsRecord.Tlsa(usage, selector, matching, matching switch { 1 => SHA256.HashData(part), 2 => SHA512.HashData(part), _ => part });
    }

    /// <summary><c>3 1 1</c> and the like, of one certificate.</summary>
    public static DnsRecord.Tlsa Of(string triple, X509Certificate2 certificate)
    {
        var numbers = triple.Split(' ').Select(byte.Parse).ToArray();
        return Of(numbers[0], numbers[1], numbers[2], certificate);
    }

    public static string Presentation(this DnsRecord.Tlsa record) => TlsaSet.LineOf(record.Usage, record.Selector, record.Matching, record.Association.Span);

    public static TlsaSet Set(params DnsRecord.Tlsa[] records) => TlsaSet.Of("mx.example", records);
}
