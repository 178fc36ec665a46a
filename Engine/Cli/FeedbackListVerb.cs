using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine feedback ls --unparsed</c>: mail that came back and that nothing could be done with.</summary>
internal static class FeedbackListVerb
{
    public static Command Make(SharedOptions common)
    {
        var unparsed = new Option<bool>("--unparsed") { Description = "Mail that was kept because nothing could be read from it, or nobody is named to read it", Required = true };
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 100 };
        var command = new Command("ls", "List what came back and was kept") { unparsed, limit };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync($"v1/feedback/unparsed?limit={parsed.GetValue(limit)}", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "time", "to", "from", "why", "size", "file");
            return ExitCode.Good;
        });
        return command;
    }
}
