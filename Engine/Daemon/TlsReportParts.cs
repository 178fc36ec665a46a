using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reports.Tls;

namespace Engine.Daemon;

/// <summary>The parts that tell receivers what TLS with them came to (RFC 8460).</summary>
internal sealed class TlsReportParts : IDisposable
{
    private readonly TlsReportMeter _meter = new();
    private readonly CurrentSnapshot _current;
    private readonly TlsReportDesk _desk;
    private readonly TlsBookFile _file;

    /// <param name="current">The configuration.</param>
    /// <param name="askText">The TXT records at a name.</param>
    /// <param name="outside">For reports by HTTPS.</param>
    /// <param name="intake">For reports by mail.</param>
    /// <param name="signers">Whose signatures mail from a domain gets now.</param>
    /// <param name="events">Take alerts.</param>
    /// <param name="clock">Days and pauses.</param>
    /// <param name="loggers">Told of each report.</param>
    public TlsReportParts(CurrentSnapshot current, Func<DomainName, CancellationToken, ValueTask<DnsAnswer>> askText, OutsideHosts outside, IIntake intake, Func<DomainName, IEnumerable<DomainName>> signers, IEvents events, TimeProvider clock, ILoggerFactory loggers)
    {
        _current = current;
        Book = new TlsReportBook(() => current.Value.Options.Delivery.Tls.Report, _meter, clock);
        _file = new TlsBookFile(Book);
        var ledger = new TlsReportLedger(Path.Join(current.Value.PathTo(current.Value.Options.State), "tls-reports-sent"));
        var outlets = new TlsReportOutlets { AskText = askText, Intake = intake, Signers = signers, PostAsync = TlsReportOutlets.Over(outside.Https) };
        _desk = new TlsReportDesk(Book, ledger, outlets, () => Terms, _meter, events, clock, loggers.CreateLogger<TlsReportDesk>());
    }

    /// <summary>Delivery tells it what TLS came to.</summary>
    public TlsReportBook Book { get; }

    public TlsReportTerms Terms => TlsReportTerms.Of(_current.Value.Options);

    /// <summary>What is kept over a restart.</summary>
    public KeptState State => KeptState.OfStream("tls-results", _file.Save, _file.Load);

    /// <summary>Sends reports until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => _desk.RunAsync(stop);

    public void Dispose() => _meter.Dispose();
}
