using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine provider probe DOMAIN</c>: what mail to a domain would meet now.</summary>
internal static class ProbeVerb
{
    public static Command Make(SharedOptions common)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "Recipient domain" };
        var source = new Option<string?>("--source") { Description = "Leave from this one; default the first by name", HelpName = "NAME" };
        var command = new Command("probe", "Speak with its exchangers up to EHLO within TLS, and judge DANE and MTA-STS; sends no mail") { domain, source };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = $"domain={Uri.EscapeDataString(parsed.GetValue(domain)!)}&source={Uri.EscapeDataString(parsed.GetValue(source) ?? string.Empty)}";
            var answer = await client.GetAsync($"v1/providers/probe?{query}", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(answer);
                return ExitCode.Good;
            }

            Output.Line($"{answer["domain"]} from {answer["source"]}: {answer["verdict"]}");
            foreach (var host in answer["hosts"]!.AsArray())
            {
                Output.Line(string.Empty);
                output.Object(host!);
            }

            return ExitCode.Good;
        });
        return command;
    }
}
