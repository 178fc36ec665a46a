using System.Diagnostics;
using System.Text;
using Engine.Feedback.Reading;
using Engine.Mail;
using Engine.Tests.Feedback.Reports;
using Engine.Tests.Submission;

namespace Engine.Tests.Peers;

/// <summary>swaks, as a reporter: feeds a complaint and tries to relay.</summary>
[CancelAfter(60_000)]
internal sealed class FeedbackSwaksTests
{
    private const string Boundary = "report";

    [Test]
    public async Task Swaks_feeds_a_complaint(CancellationToken stop)
    {
        await using var rig = new InboundRig(read: CfblToken);
        await rig.Server.StartAsync();
        var token = rig.Reports.Ring.Seal(rig.Reports.Token(TokenPurpose.Complaint));
        var file = Path.Join(rig.Reports.Current.Value.PathTo(rig.Reports.Current.Value.Options.State), "arf.eml");
        await File.WriteAllTextAsync(file, Arf(token), stop);
        var said = await SwaksAsync(rig, stop, "--to", "fbl@mta1.example.com", "--data", "@" + file);

        Assert.That(said, Does.Contain("250 2.0.0 Taken"));
        Assert.That(rig.Reports.List.Entries.Single().Entry.Reason, Is.EqualTo(SuppressionReason.Complaint));
        Assert.That(rig.Reports.Events.All[^1].Kind, Is.EqualTo(EventKind.Complained));

        said = await SwaksAsync(rig, stop, "--to", "fbl@mta1.example.com", "--data", "@" + file);
        Assert.That(said, Does.Contain("250 2.0.0 Taken"));
        Assert.That(rig.Reports.Events.All, Has.Count.EqualTo(2), "the same report again is nothing new");
    }

    [Test]
    public async Task Swaks_cannot_relay_and_cannot_log_in(CancellationToken stop)
    {
        await using var rig = new InboundRig();
        await rig.Server.StartAsync();

        Assert.That(await SwaksAsync(rig, stop, "--to", "r@b.example"), Does.Contain("550 5.7.1"));
        Assert.That(await SwaksAsync(rig, stop, "--to", "r@b.example", "--auth", "PLAIN", "--auth-user", "acme/app", "--auth-password", Sample.Password), Does.Contain("did not advertise authentication"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    // As much of a reader as this needs: the header of the returned mail.
    private static MailReport CfblToken(ReadOnlyMemory<byte> mail)
    {
        var text = Encoding.Latin1.GetString(mail.Span);
        var at = text.IndexOf("CFBL-Feedback-ID: ", StringComparison.Ordinal) + 18;
        return ReportRig.Saying(ReportRig.Complaint()) with { FeedbackId = text.Contains("Feedback-Type: abuse\r\n", StringComparison.Ordinal) ? text.Substring(at, TokenRing.TextLength) : string.Empty };
    }

    private static string Arf(string token) => $"""
        From: <abusedesk@b.example>
        To: <fbl@mta1.example.com>
        Subject: FW: news
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="{Boundary}"

        --{Boundary}
        Content-Type: text/plain

        This is an email abuse report.
        --{Boundary}
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: swaks
        Version: 1

        --{Boundary}
        Content-Type: text/rfc822-headers

        From: <news@acme.example>
        Subject: news
        CFBL-Feedback-ID: {token}

        --{Boundary}--
        """;

    private static async Task<string> SwaksAsync(InboundRig rig, CancellationToken stop, params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Join(folder, "swaks"))))
        {
            Assert.Ignore("swaks is not installed");
        }

        var start = new ProcessStartInfo("swaks", ["--server", rig.EndPoint.ToString(), "--ehlo", "mx.b.example", "--from", "<>", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return string.Concat(texts);
    }
}
