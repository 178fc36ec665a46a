using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine route explain</c>: which way a message would take now, step by step.</summary>
internal static class RouteVerbs
{
    public static Command Make(SharedOptions common)
    {
        var from = new Option<string>("--from") { Description = "Sender address", Required = true };
        var to = new Option<string>("--to") { Description = "Recipient address", Required = true };
        var account = new Option<string?>("--account") { Description = "Account; default local" };
        var stream = new Option<string?>("--stream") { Description = "Stream of the account; default its default stream" };
        var explain = new Command("explain", "Route, exchangers, provider, pool, sources and what binds them") { from, to, account, stream };
        explain.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = $"from={Escape(parsed.GetValue(from))}&to={Escape(parsed.GetValue(to))}&account={Escape(parsed.GetValue(account))}&stream={Escape(parsed.GetValue(stream))}";
            var answer = await client.GetAsync($"v1/route?{query}", stop).ConfigureAwait(false);
            if (parsed.GetValue(common.Json))
            {
                Output.Line(answer.ToJsonString());
                return ExitCode.Good;
            }

            foreach (var step in answer["steps"]!.AsArray())
            {
                Output.Line($"{step!["step"],-12} {step["text"]}");
            }

            return ExitCode.Good;
        });
        return new Command("route", "Ways") { explain };
    }

    private static string Escape(string? text) => Uri.EscapeDataString(text ?? string.Empty);
}
