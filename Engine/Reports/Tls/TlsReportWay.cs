namespace Engine.Reports.Tls;

/// <summary>How a report goes. RFC 8460 §3.</summary>
internal enum TlsReportWay : byte
{
    Mail,
    Https,
}
