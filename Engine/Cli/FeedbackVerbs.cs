using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Cli;

/// <summary><c>engine feedback read FILE…</c> and <c>ls</c>: what a bounce, a complaint or an auto-reply says. Needs no daemon and acts on nothing.</summary>
internal static class FeedbackVerbs
{
    private static readonly string[] Columns = ["file", "kind", "recipient", "status", "code", "category", "hard", "diagnostic", "complaint", "originalId"];

    public static Command Make(SharedOptions common) => new("feedback", "What comes back: bounces, complaints, auto-replies") { Read(common), FeedbackListVerb.Make(common) };

    /// <summary>The lines for one mail, as cli.md lays them down: one for each recipient it reports, or one of kind <c>none</c>.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="file">Its name.</param>
    /// <param name="mail">Its octets.</param>
    public static IEnumerable<JsonObject> Lines(ReportReader reader, string file, ReadOnlyMemory<byte> mail)
    {
        var report = reader.Read(mail);
        return report.Recipients.Count == 0
            ? [Line(file, report, new ReportedRecipient(ReportKind.None, string.Empty, default, 0, Category.Unknown, false, string.Empty))]
            : report.Recipients.Select(recipient => Line(file, report, recipient));
    }

    private static Command Read(SharedOptions common)
    {
        var files = new Argument<string[]>("FILE") { Description = "Mails as they came (RFC 5322), line ends of any kind; - for the standard input", Arity = ArgumentArity.OneOrMore };
        var command = new Command("read", "Say what mails report: a line for each recipient, kind none for a mail that reports nothing. Reads only; acts on nothing") { files };
        command.SetAction(parsed =>
        {
            var names = parsed.GetValue(files)!;
            if (names.FirstOrDefault(static name => name != "-" && !File.Exists(name)) is { } missing)
            {
                throw new CliError(ExitCode.BadData, $"{missing} does not exist");
            }

            var book = common.TryLoad(parsed)?.Providers ?? ProviderBook.Shipped;
            var reader = new ReportReader(new ReplyClassifier(book), book);
            new Output(parsed.GetValue(common.Json)).Rows(names.SelectMany(name => Lines(reader, name, Octets(name))), Columns);
        });
        return command;
    }

    // The reader looks at no more than this; the rest of a large mail stays on disk.
    private static byte[] Octets(string name)
    {
        using var mail = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
        var octets = new byte[MimeTree.MaxLength];
        return octets[..mail.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
    }

    private static JsonObject Line(string file, MailReport report, ReportedRecipient recipient) => new()
    {
        ["file"] = file,
        ["kind"] = Word(recipient.Kind),
        ["recipient"] = recipient.Address,
        ["status"] = recipient.Status.ToString(),
        ["code"] = recipient.Code == 0 ? null : JsonValue.Create((int)recipient.Code),
        ["category"] = recipient.Category.Id,
        ["hard"] = recipient.IsHard,
        ["diagnostic"] = recipient.Diagnostic,
        ["complaint"] = recipient.Complaint,
        ["originalId"] = report.OriginalId,
    };

    private static string Word(ReportKind kind) => kind switch
    {
        ReportKind.Bounce => "bounce",
        ReportKind.Delay => "delay",
        ReportKind.AutoReply => "auto-reply",
        ReportKind.Complaint => "complaint",
        _ => "none",
    };
}
