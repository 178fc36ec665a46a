using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Cli;

/// <summary><c>engine classify "550 …"</c> and <c>engine classify test FILE</c>: what a reply means, asked as if a RCPT had got it. Need no daemon.</summary>
internal static class ClassifyVerbs
{
    private static readonly string[] Columns = ["code", "enhanced", "category", "disposition", "strike", "hold", "hard", "rule", "provider"];

    public static Command Make(SharedOptions common)
    {
        var reply = new Argument<string?>("REPLY") { Description = "A reply as a server gave it: \"550 5.1.1 no such user\"", Arity = ArgumentArity.ZeroOrOne };
        var provider = new Option<string?>("--provider") { Description = "Whose reply: a provider's id, one of its hosts or one of its domains", HelpName = "P" };
        var command = new Command("classify", "Say what a reply means: rule, category, what is done") { reply, provider, Test(common) };
        command.SetAction(parsed =>
        {
            var text = parsed.GetValue(reply) ?? throw new CliError(ExitCode.Usage, "name a reply, as in: engine classify \"550 5.1.1 no such user\"");
            var book = BookOf(common, parsed);
            var whose = parsed.GetValue(provider) is { Length: > 0 } name
                ? ProviderNames.Find(book, name) ?? throw new CliError(ExitCode.Usage, $"no provider '{name}'; 'engine provider ls' lists them")
                : null;
            new Output(parsed.GetValue(common.Json)).Object(Answer(new ReplyClassifier(book), whose?.Id, text));
        });
        return command;
    }

    /// <summary>The answer for one reply, as cli.md lays it down.</summary>
    public static JsonObject Answer(ReplyClassifier classifier, string? provider, string reply)
    {
        var raw = RawReply.Parse(reply);
        var judgement = classifier.JudgeReply(provider, raw.Code, raw.Enhanced, raw.Text, SmtpCommand.Rcpt, 1);
        var isKnown = judgement.Category != Category.Unknown;
        return new JsonObject
        {
            ["code"] = raw.Code == 0 ? null : JsonValue.Create((int)raw.Code),
            ["enhanced"] = raw.Enhanced.IsPresent ? raw.Enhanced.ToString() : null,
            ["category"] = judgement.Category.Id,
            ["disposition"] = DispositionWords.Of(judgement.Disposition),
            ["strike"] = judgement.IsStrike,
            ["hold"] = judgement.Hold is { } scope ? Spelling.Of(scope) : null,
            ["hard"] = judgement.IsHard,
            ["rule"] = isKnown ? judgement.Rule : null,
            ["provider"] = provider,
        };
    }

    private static Command Test(SharedOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "TSV with a header; columns provider (may be empty) and reply" };
        var command = new Command("test", "Say what every reply of a file means, in its order") { file };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file)!;
            if (!File.Exists(name))
            {
                throw new CliError(ExitCode.BadData, $"{name} does not exist");
            }

            var book = BookOf(common, parsed);
            new Output(parsed.GetValue(common.Json)).Rows(Rows(name, book, new ReplyClassifier(book)), Columns);
        });
        return command;
    }

    private static IEnumerable<JsonNode?> Rows(string file, ProviderBook book, ReplyClassifier classifier)
    {
        using var lines = File.ReadLines(file).GetEnumerator();
        var header = lines.MoveNext() ? lines.Current.TrimStart('\uFEFF').Split('\t') : [];
        var (provider, reply) = (Array.IndexOf(header, "provider"), Array.IndexOf(header, "reply"));
        if (reply < 0)
        {
            throw new CliError(ExitCode.BadData, $"{file}: expected a header with the columns 'provider' and 'reply', separated by tabs");
        }

        while (lines.MoveNext())
        {
            if (lines.Current.Length > 0)
            {
                var fields = lines.Current.Split('\t');
                var whose = provider >= 0 && provider < fields.Length && fields[provider].Length > 0 ? ProviderNames.Find(book, fields[provider]) : null;
                yield return Answer(classifier, whose?.Id, reply < fields.Length ? fields[reply] : string.Empty);
            }
        }
    }

    private static ProviderBook BookOf(SharedOptions common, ParseResult parsed) => common.TryLoad(parsed)?.Providers ?? ProviderBook.Shipped;
}
