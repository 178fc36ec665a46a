using System.Text;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>Reads notices of Amazon SES that come by mail: one JSON object in plain text (SNS notification to an e-mail endpoint).</summary>
/// <param name="judge">Judges bounces.</param>
internal sealed class ServiceNotice(BounceJudge judge)
{
    private static readonly JsonReaderOptions Forgiving = new() { MaxDepth = 16 };

    /// <summary>The report; null when the words are no such notice.</summary>
    public MailReport? Read(ReceivedMail mail)
    {
        var words = mail.AllWords.AsSpan().TrimStart();
        if (words is not ['{', ..] || !words.Contains("otificationType\"", StringComparison.Ordinal) && !words.Contains("eventType\"", StringComparison.Ordinal))
        {
            return null;
        }

        // A gateway folds the long line; a line end within a string is no JSON.
        var octets = Encoding.UTF8.GetBytes(words.ToString().Replace('\n', ' '));
        var reader = new Utf8JsonReader(octets, Forgiving);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var document) ? Report(document) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Half a surrogate is found only when the text is taken. It is text that begins like JSON: of strangers, so no fault of ours.
            return null;
        }
    }

    private MailReport? Report(JsonDocument document)
    {
        using (document)
        {
            var root = document.RootElement;
            var id = Text(Part(root, "mail"), "messageId");
            var report = Part(root, "bounce") is { ValueKind: JsonValueKind.Object } bounce ? Bounced(bounce)
                : Part(root, "complaint") is { ValueKind: JsonValueKind.Object } complaint ? Complained(complaint)
                : MailReport.Nothing;
            return report with { OriginalId = id, OriginalSender = Text(Part(root, "mail"), "source") };
        }
    }

    private MailReport Bounced(JsonElement bounce)
    {
        var recipients = new List<ReportedRecipient>();
        foreach (var each in Each(bounce, "bouncedRecipients"))
        {
            var diagnostic = Text(each, "diagnosticCode");
            var entry = new StatusEntry { Action = Text(each, "action"), Status = EnhancedCode.Parse(Text(each, "status")), Diagnostic = diagnostic[(diagnostic.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim() };
            recipients.Add(judge.Judge(entry.Kind, AddressScan.Find(Text(each, "emailAddress")), entry, string.Empty));
        }

        return new MailReport(recipients);
    }

    private static MailReport Complained(JsonElement complaint)
    {
        var type = Text(complaint, "complaintFeedbackType");
        return new MailReport([.. Each(complaint, "complainedRecipients").Select(each => new ReportedRecipient(ReportKind.Complaint, AddressScan.Find(Text(each, "emailAddress")), default, 0, new Category("complaints"), false, string.Empty, type.Length > 0 ? type : "abuse"))]);
    }

    private static JsonElement Part(JsonElement element, string name) => element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string Text(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.String } value ? Printable.Line(value.GetString()) : string.Empty;

    private static IEnumerable<JsonElement> Each(JsonElement element, string name) => Part(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Take(64) : [];
}
