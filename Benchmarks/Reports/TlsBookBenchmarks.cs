using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Engine.Mail;
using Engine.Reports.Tls;

namespace Benchmarks.Reports;

/// <summary>Counting a session for TLS reports: once for each session that delivery opens.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup disposes.")]
public class TlsBookBenchmarks
{
    private readonly TlsReportMeter _meter = new();
    private TlsReportBook _book = null!;
    private TlsResult _good;
    private TlsResult _bad;

    [GlobalSetup]
    public void Fill()
    {
        _book = new TlsReportBook(static () => true, _meter, TimeProvider.System);
        for (var at = 0; at < 10_000; at++)
        {
            _good = new TlsResult(DomainName.Parse($"d{at}.example"), TlsPolicyKind.Sts, TlsFailure.None) { PolicyLines = ["version: STSv1"], PolicyHosts = ["*.example"] };
            _bad = _good with { Failure = TlsFailure.CertificateExpired, Mx = "mx.example", Reason = "expired" };
            _book.Record(_good);
            _book.Record(_bad);
        }
    }

    [Benchmark]
    public void Success() => _book.Record(_good);

    [Benchmark]
    public void Failure() => _book.Record(_bad);

    [GlobalCleanup]
    public void Close() => _meter.Dispose();
}
