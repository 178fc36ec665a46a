using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine trace</c>: what happened to a message, step by step, out of the event log.</summary>
internal static class TraceVerb
{
    public static Command Make(SharedOptions common)
    {
        var id = new Argument<string?>("ID") { Description = "Message id", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to") { Description = "Recipient address" };
        var messageId = new Option<string?>("--message-id") { Description = "Message-ID header" };
        var since = new Option<string>("--since") { Description = "How far back", DefaultValueFactory = _ => "3d" };
        var command = new Command("trace", "Every step of a message: time, source, exchanger, TLS, reply") { id, to, messageId, since };
        command.SetAction(async (parsed, stop) =>
        {
            var query = (parsed.GetValue(id), parsed.GetValue(to), parsed.GetValue(messageId)) switch
            {
                ({ } name, null, null) => $"id={Uri.EscapeDataString(name)}",
                (null, { } address, null) => $"to={Uri.EscapeDataString(address)}",
                (null, null, { } header) => $"messageId={Uri.EscapeDataString(header.Trim('<', '>'))}",
                _ => throw new CliError(ExitCode.Usage, "trace wants one of ID, --to or --message-id"),
            };
            using var client = AdminClient.For(common, parsed);
            return await WriteAsync(client, $"{query}&since={parsed.GetValue(since)}", parsed.GetValue(common.Json), stop).ConfigureAwait(false);
        });
        return command;
    }

    public static async Task<int> WriteAsync(AdminClient client, string query, bool isJson, CancellationToken stop)
    {
        var found = 0;
        await foreach (var line in client.LinesAsync($"v1/trace?{query}", stop).ConfigureAwait(false))
        {
            found++;
            Output.Line(isJson ? line : Sentence(JsonNode.Parse(line)!));
        }

        if (found == 0)
        {
            Output.Complain("no event found");
        }

        return found > 0 ? ExitCode.Good : ExitCode.BadData;
    }

    private static string Sentence(JsonNode line)
    {
        string[] names = ["id", "to", "from", "mx", "mxAddress", "source", "code", "enhanced", "reply", "category", "nextAttempt", "reason"];
        var details = names.Where(name => line[name] is not null).Select(name => $"{name}={line[name]}");
        var tls = line["tls"] is { } session ? $" tls={session["version"]}" : string.Empty;
        return $"{line["time"]} {line["event"],-10} {string.Join(' ', details)}{tls}";
    }
}
