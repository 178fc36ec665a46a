using System.Diagnostics.Metrics;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Counts sessions and reports. Thread-safe.</summary>
internal sealed class TlsReportMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Reports.Tls");
    private readonly Counter<long> _sessions;
    private readonly Counter<long> _reports;

    public TlsReportMeter()
    {
        _sessions = _meter.CreateCounter<long>("engine_tls_sessions_total", "sessions", "What TLS came to in sessions with receivers and in policy fetches: policy is none, sts or tlsa; result is success or the type of failure.");
        _reports = _meter.CreateCounter<long>("engine_tls_reports_total", "reports", "TLS reports: way is mail or https; result is sent, again (will be tried again), failed (given up), full (the place has had as many as it gets) or unsigned. Alert on failed and unsigned.");
    }

    public void Session(TlsPolicyKind policy, TlsFailure failure) => _sessions.Add(
        1,
        new("policy", policy switch { TlsPolicyKind.Sts => "sts", TlsPolicyKind.Tlsa => "tlsa", _ => "none" }),
        new("result", failure is TlsFailure.None ? "success" : TlsReportWriter.ResultType(failure)));

    /// <param name="way">How it was to go.</param>
    /// <param name="result">sent, again, failed, full, unsigned.</param>
    public void Report(TlsReportWay way, string result) => _reports.Add(1, new("way", way is TlsReportWay.Mail ? "mail" : "https"), new("result", result));

    public void Dispose() => _meter.Dispose();
}
