using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine queue import</c></summary>
internal static class ImportVerb
{
    public static Command Make(SharedOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "What 'queue export' or 'spool salvage' wrote" };
        var held = new Option<bool>("--held") { Description = "Hold all of it until released; else only what was held where it came from" };
        var dry = new Option<bool>("--dry-run") { Description = "Check the file and say what is in it" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded in the admin event", HelpName = "TEXT" };
        var command = new Command("import", "Take mail out of an export into the running engine. It may be repeated: what was taken once is passed over") { file, held, dry, reason };
        command.SetAction(async (parsed, stop) =>
        {
            var output = new Output(parsed.GetValue(common.Json));
            var content = TransferCheck.Open(parsed.GetValue(file)!);
            await using (content.ConfigureAwait(false))
            {
                var manifest = await TransferCheck.RunAsync(content, static _ => ValueTask.CompletedTask, stop).ConfigureAwait(false);
                if (parsed.GetValue(dry))
                {
                    output.Object(new JsonObject { ["export"] = manifest.Export, ["messages"] = manifest.Messages, ["recipients"] = manifest.Recipients, ["octets"] = manifest.Octets });
                    return ExitCode.Good;
                }

                content.Position = 0;
                using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
                using var body = new StreamContent(content, 1 << 20);
                var query = $"held={(parsed.GetValue(held) ? "true" : "false")}&reason={Uri.EscapeDataString(parsed.GetValue(reason) ?? string.Empty)}";
                var result = await client.UploadAsync($"v1/queue/import?{query}", body, stop).ConfigureAwait(false);
                return Tell(output, result);
            }
        });
        return command;
    }

    private static int Tell(Output output, JsonNode result)
    {
        var refused = result["refused"]!.AsArray();
        foreach (var one in refused)
        {
            Output.Complain($"{one!["messages"]} messages were not taken: {one["reason"]}. Put it right and import the same file again");
        }

        output.Object(result);
        return refused.Count == 0 ? ExitCode.Good : ExitCode.BadData;
    }
}
