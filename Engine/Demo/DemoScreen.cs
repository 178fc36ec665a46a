using System.Globalization;
using Engine.Queue;
using Spectre.Console;

namespace Engine.Demo;

/// <summary>Shows a demo: live on a terminal, plain lines elsewhere.</summary>
internal sealed class DemoScreen(IAnsiConsole console, DemoSettings settings)
{
    private bool IsLive => console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal && !settings.Json;

    /// <summary>Runs the work and shows progress beside it.</summary>
    /// <param name="work">Gets a way to say how far it is; called from one thread at a time.</param>
    public async Task<DemoReport> ShowAsync(Func<Action<string, LedgerCounts, QueueCounts>, Task<DemoReport>> work)
    {
        var report = IsLive ? await ShowLiveAsync(work) : await ShowPlainAsync(work);
        if (settings.Json)
        {
            await console.Profile.Out.Writer.WriteLineAsync(report.ToJson());
        }
        else
        {
            Print(report);
        }

        return report;
    }

    private static IEnumerable<(string Name, string Value)> Rows(DemoReport report)
    {
        yield return ("accepted", Text($"{report.Accepted:N0} of {report.Messages:N0} messages, {report.Recipients:N0} recipients"));
        yield return ("delivered", Text($"{report.Delivered:N0}, {report.DeliveredByTls:N0} over TLS"));
        yield return ("bounced", Text($"{report.Bounced:N0}"));
        yield return ("deferred, then delivered", Text($"{report.DeferredThenDelivered:N0}"));
        yield return ("accept rate", Text($"{report.AcceptedPerSecond:N0} messages/s"));
        yield return ("delivery rate", Text($"{report.DeliveredPerSecond:N0} recipients/s, waits for greylisting included"));
        yield return ("accept latency", Text(report.AcceptMs));
        yield return ("delivery latency", Text(report.DeliverMs));
        yield return ("  of deferred", Text(report.DeferredMs));
        yield return ("DKIM verified", Text($"{report.SignaturesVerified:N0} mails as received, {report.SignaturesFailed:N0} failed"));
        yield return ("lost", Text($"{report.Lost:N0}"));
        yield return ("duplicates", Text($"{report.Duplicates:N0}"));
        yield return ("time", Text($"{report.Seconds:N1} s"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(Latencies times) =>
        Text($"p50 {times.P50:N1} ms, p95 {times.P95:N1} ms, p99 {times.P99:N1} ms, max {times.Max:N1} ms");

    private static string Line(string phase, LedgerCounts counts, QueueCounts queue) =>
        Text($"{phase}: {counts.Acknowledged:N0} accepted, {counts.Delivered:N0} delivered, {counts.Refused:N0} bounced, {counts.Deferred:N0} deferred, {queue.Queued:N0} queued");

    private Task<DemoReport> ShowPlainAsync(Func<Action<string, LedgerCounts, QueueCounts>, Task<DemoReport>> work)
    {
        var last = string.Empty;
        return work((phase, counts, queue) =>
        {
            // One line a phase: nobody watches a file.
            if (phase != last && !settings.Json)
            {
                console.Profile.Out.Writer.WriteLine(Line(phase, counts, queue));
            }

            last = phase;
        });
    }

    private Task<DemoReport> ShowLiveAsync(Func<Action<string, LedgerCounts, QueueCounts>, Task<DemoReport>> work) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var accepted = progress.AddTask("accepted", maxValue: settings.Count);
                var settled = progress.AddTask("settled", maxValue: settings.Count);
                var verified = progress.AddTask("signatures verified", maxValue: settings.Count);
                return await work((phase, counts, queue) =>
                {
                    accepted.Value = counts.Acknowledged;
                    settled.Value = counts.Settled;
                    verified.Value = counts.Verified;
                    accepted.Description = Text($"accepted {counts.Acknowledged,10:N0}");
                    settled.Description = Text($"settled  {counts.Settled,10:N0}   queued {queue.Queued:N0}, deferred {queue.Deferred:N0}");
                    verified.Description = Text($"verified {counts.Verified,10:N0}   {phase}");
                });
            });

    private void Print(DemoReport report)
    {
        if (IsLive)
        {
            var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("name").AddColumn("value");
            foreach (var (name, value) in Rows(report))
            {
                table.AddRow(new Text(name), new Text(value));
            }

            console.Write(table);
            console.MarkupLine(report.Held ? "[green]everything held[/]" : "[red]not everything held:[/]");
        }
        else
        {
            foreach (var (name, value) in Rows(report))
            {
                console.Profile.Out.Writer.WriteLine($"{name,-26}{value}");
            }

            console.Profile.Out.Writer.WriteLine(report.Held ? "everything held" : "not everything held:");
        }

        foreach (var fault in report.Faults)
        {
            console.Profile.Out.Writer.WriteLine($"  {fault}");
        }
    }
}
