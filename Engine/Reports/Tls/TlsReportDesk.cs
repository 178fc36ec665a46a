using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Engine.Dns;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Reports.Tls;

/// <summary>
/// Sends the reports of days that are over: asks who wants one, makes it, hands it to our own intake or posts it. One loop. RFC 8460 §3, §5.
/// </summary>
/// <param name="book">What was counted.</param>
/// <param name="ledger">What was sent.</param>
/// <param name="outlets">The way out.</param>
/// <param name="terms">By the configuration in force.</param>
/// <param name="meter">Counts.</param>
/// <param name="events">Take alerts.</param>
/// <param name="clock">Days and pauses.</param>
/// <param name="log">Told of each report.</param>
internal sealed class TlsReportDesk(TlsReportBook book, TlsReportLedger ledger, TlsReportOutlets outlets, Func<TlsReportTerms> terms, TlsReportMeter meter, IEvents events, TimeProvider clock, ILogger log)
{
    // One host that keeps us waiting must not hold up the reports to all others.
    private static readonly TimeSpan Shunning = TimeSpan.FromMinutes(10);

    // A wall clock may be set while we sleep.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    // A session that ends at midnight may be counted a moment later; no report is due before.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    private readonly TlsReportPlan _plan = new();
    private readonly Dictionary<DateOnly, (int Failed, string Example)> _failed = [];
    private readonly Dictionary<string, DateTimeOffset> _silent = new(StringComparer.Ordinal);
    private bool _toldUnsigned;
    private DateOnly? _planned;
    private int _sent;

    /// <summary>Sends until stopped.</summary>
    /// <exception cref="IOException">The ledger cannot be written: nothing is sent without it.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TurnAsync(stop).ConfigureAwait(false) is var pause && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deals with the one domain that is due, if any.</summary>
    /// <returns>When to come again, at <c>system.rate</c>.</returns>
    /// <exception cref="IOException">The ledger cannot be written; what was due comes again.</exception>
    public async ValueTask<TimeSpan> TurnAsync(CancellationToken stop)
    {
        Open(clock.GetUtcNow());
        _sent = 0;
        if (_plan.Take(clock.GetUtcNow()) is { } errand)
        {
            try
            {
                await DoAsync(errand, stop).ConfigureAwait(false);
            }
            catch (IOException)
            {
                _plan.Again(errand, clock.GetUtcNow());
                throw;
            }
        }

        TellFailed();
        var pace = TimeSpan.FromSeconds(_sent / terms().Rate.PerSecond);
        var pause = PauseFrom(clock.GetUtcNow());
        return pause > pace ? pause : pace;
    }

    // Once a day, and at the start: there may be very many domains.
    private void Open(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime((now - Settling).UtcDateTime);
        if (today == _planned)
        {
            return;
        }

        ledger.Load(today.AddDays(-2));
        book.DropBefore(today.AddDays(-1));
        _plan.Forget(today.AddDays(-2));
        _silent.Clear();
        var inForce = terms();
        foreach (var day in book.Days.Where(day => day.Date < today))
        {
            foreach (var domain in day.Domains)
            {
                var name = NameOf(day.Date, domain, inForce);
                _plan.Add(day.Date, domain, name.Begin.AddDays(1) + name.Delay);
            }
        }

        _planned = today;
    }

    private TimeSpan PauseFrom(DateTimeOffset now)
    {
        var planning = new DateTimeOffset((now - Settling).UtcDateTime.Date.AddDays(1), TimeSpan.Zero) + Settling;
        var next = _plan.NextAt < planning ? _plan.NextAt : planning;
        var pause = next - now;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestSleep ? pause : LongestSleep;
    }

    private async ValueTask DoAsync(TlsReportErrand errand, CancellationToken stop)
    {
        var inForce = terms();
        var policies = book.Find(errand.Day)?.CountsOf(errand.Domain) ?? [];
        if (!inForce.IsOn || policies.Count == 0 || !await DiscoverAsync(errand, stop).ConfigureAwait(false))
        {
            book.Drop(errand.Day, errand.Domain);
            return;
        }

        if (errand.Open is { Count: > 0 } open)
        {
            var name = NameOf(errand.Day, errand.Domain, inForce);
            var report = TlsReportWriter.Compress(TlsReportWriter.Write(name, inForce, policies));
            foreach (var target in open.ToArray())
            {
                if (await SendAsync(errand, name, inForce, target, report, stop).ConfigureAwait(false))
                {
                    open.Remove(target);
                }
            }
        }

        if (errand.Open is { Count: 0 } || !_plan.Again(errand, clock.GetUtcNow()))
        {
            GiveUp(errand);
            book.Drop(errand.Day, errand.Domain);
        }
    }

    // False when nobody wants a report. A resolver that fails leaves the question open.
    private async ValueTask<bool> DiscoverAsync(TlsReportErrand errand, CancellationToken stop)
    {
        if (errand.Open is not null)
        {
            return true;
        }

        if (!DomainName.TryParse($"_smtp._tls.{errand.Domain}", out var at))
        {
            return false;
        }

        var answer = await outlets.AskText(at, stop).ConfigureAwait(false);
        if (answer.Status is LookupStatus.Failed)
        {
            errand.Trouble = "the record could not be looked up";
            return true;
        }

        errand.Open = TlsReportRecord.Find(answer.Records.OfType<DnsRecord.Text>().Select(text => text.Value)) is { } record
            ? [.. record.Targets.Where(target => !ledger.Has(errand.Day, errand.Domain, target))]
            : null;
        return errand.Open is not null;
    }

    // True when this place is done with: sent, or not to be sent at all.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever keeps our own intake from taking one report must not keep the others away; it is tried again.")]
    private async ValueTask<bool> SendAsync(TlsReportErrand errand, TlsReportName name, TlsReportTerms inForce, TlsReportTarget target, ReadOnlyMemory<byte> report, CancellationToken stop)
    {
        if (target.Way is TlsReportWay.Mail && !MaySign(name.Submitter))
        {
            meter.Report(target.Way, "unsigned");
            return true;
        }

        if (ledger.IsFull(errand.Day, target))
        {
            meter.Report(target.Way, "full");
            ReportsLog.TargetFull(log, target.Key, errand.Domain.Name);
            return true;
        }

        _sent++;
        ledger.Begin(errand.Day, errand.Domain, target);
        string trouble;
        try
        {
            trouble = target.Way is TlsReportWay.Mail
                ? await MailAsync(name, inForce, target, report, stop).ConfigureAwait(false)
                : await PostAsync(target, report, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            trouble = fault.Message;
        }

        if (trouble.Length == 0)
        {
            meter.Report(target.Way, "sent");
            ReportsLog.Sent(log, name.Id, errand.Domain.Name, target.Key);
            return true;
        }

        ledger.TakeBack(errand.Day, errand.Domain, target);
        meter.Report(target.Way, "again");
        errand.Trouble = $"{target}: {trouble}";
        return false;
    }

    private async ValueTask<string> MailAsync(TlsReportName name, TlsReportTerms inForce, TlsReportTarget target, ReadOnlyMemory<byte> report, CancellationToken stop)
    {
        var content = TlsReportMail.Write(name, inForce, target, report, clock.GetUtcNow());
        await outlets.Intake.AcceptAsync(new OwnMessage(name.MessageIdFor(target), default, [target.Address], content), stop).ConfigureAwait(false);
        return string.Empty;
    }

    private async ValueTask<string> PostAsync(TlsReportTarget target, ReadOnlyMemory<byte> report, CancellationToken stop)
    {
        if (_silent.TryGetValue(target.Host, out var until) && clock.GetUtcNow() < until)
        {
            return "the host did not answer a moment ago";
        }

        var answer = await outlets.PostAsync(target.Uri, report, stop).ConfigureAwait(false);
        if (answer.Fault is HttpsFault.TimedOut)
        {
            _silent[target.Host] = clock.GetUtcNow() + Shunning;
        }

        return answer.IsGood ? string.Empty : answer.Reason;
    }

    private bool MaySign(DomainName submitter)
    {
        var isSigned = outlets.IsSigned(submitter);
        if (!isSigned && !_toldUnsigned)
        {
            Alert($"TLS reports by mail are not sent: no DKIM key of {submitter}, the domain of system.from, signs, and without its signature a report counts for nothing; 'engine dkim generate {submitter}' makes one, delivery.tls.report: false ends the reports");
        }

        _toldUnsigned = !isSigned;
        return isSigned;
    }

    private void GiveUp(TlsReportErrand errand)
    {
        if (errand.Open is { Count: 0 })
        {
            return;
        }

        foreach (var target in errand.Open ?? [])
        {
            meter.Report(target.Way, "failed");
        }

        var (failed, example) = _failed.GetValueOrDefault(errand.Day, (0, string.Empty));
        _failed[errand.Day] = (failed + 1, example.Length > 0 ? example : $"{errand.Domain}: {errand.Trouble}");
    }

    private void TellFailed()
    {
        foreach (var (day, (failed, example)) in _failed.Where(one => !_plan.Has(one.Key)).ToArray())
        {
            _failed.Remove(day);
            Alert(string.Create(CultureInfo.InvariantCulture, $"TLS reports about {day:yyyy-MM-dd} could not be brought to {failed} domains for a day, such as {example}"));
        }
    }

    private void Alert(string reason) => events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = "reports",
        Rule = "tls/report",
        Reason = reason,
    });

    private static TlsReportName NameOf(DateOnly day, DomainName domain, TlsReportTerms terms) => new(day, domain, terms.From.Domain, terms.Node);
}
