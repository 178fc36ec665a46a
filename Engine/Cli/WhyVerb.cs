using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine why ID|DOMAIN</c>: what binds mail now: which limit, which rule, since when, until when.</summary>
internal static class WhyVerb
{
    public static Command Make(SharedOptions common)
    {
        var subject = new Argument<string>("ID|DOMAIN") { Description = "A queued message's id, or a recipient domain" };
        var command = new Command("why", "What keeps a message or a domain's mail from leaving now") { subject };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.GetAsync($"v1/why?subject={Uri.EscapeDataString(parsed.GetValue(subject)!)}", stop).ConfigureAwait(false);
            if (parsed.GetValue(common.Json))
            {
                Output.Line(answer.ToJsonString());
                return ExitCode.Good;
            }

            foreach (var one in answer["answers"]!.AsArray())
            {
                Tell(one!);
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static void Tell(JsonNode one)
    {
        Output.Line($"{one["what"]}: {one["verdict"]}");
        if (Word("  TLS asked for by the domain: ", one["tls"]) is { Length: > 0 } tls)
        {
            Output.Line(tls);
        }

        foreach (var flow in one["flows"]?.AsArray() ?? [])
        {
            var campaign = Word(", campaign ", flow!["campaign"]);
            Output.Line($"  {flow["waiting"]} of account {flow["account"]}{Word("/", flow["stream"])}{campaign}, from {flow["senderDomain"]}{Word(", bound by ", flow["limits"])}{Word(", wait for source ", flow["wantedSource"])}{Word(" until ", flow["wantedUntil"])}");
        }

        foreach (var bound in one["binding"]?.AsArray() ?? [])
        {
            Output.Line($"  {bound!["name"]}{Word(" for ", bound["key"])}: {bound["reason"]}{Word(", rule ", bound["rule"])}{Word(", since ", bound["since"])}{Word(", until ", bound["until"])}");
        }

        foreach (var lane in one["lanes"]?.AsArray() ?? [])
        {
            Output.Line($"  source {lane!["source"]}: {lane["connections"]} connections, weight {lane["weight"]}{Word(", ", lane["state"])}{Word(", ", lane["reason"])}{Word(", rule ", lane["rule"])}{Word(", since ", lane["since"])}{Word(", until ", lane["until"])}");
        }
    }

    private static string Word(string before, JsonNode? value) => value is null || value.ToString().Length == 0 ? string.Empty : before + value;
}
