using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine seed ls | probe NAME</c>: how mail arrives at mailboxes of ours.</summary>
internal static class SeedVerbs
{
    public static Command Make(SharedOptions common) => new("seed", "Probes to seed mailboxes: inbox or spam, and how fast") { List(common), Probe(common) };

    /// <summary>Where probes end, a row for each provider and pool.</summary>
    public static void Table(Output output, JsonArray providers) =>
        output.Rows(providers.Select(Row), "provider", "pool", "probes", "inbox", "spam", "missing", "p50", "p95", "inbox 7d", "spam 7d", "missing 7d", "p50 7d", "drift");

    private static Command List(SharedOptions common)
    {
        var seeds = new Option<bool>("--seeds") { Description = "The mailboxes and their last result, instead of the table by provider and pool" };
        var command = new Command("ls", "Where probes end, by provider and pool: last 24 h and 7 days") { seeds };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.GetAsync("v1/seeds", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(answer);
            }
            else if (parsed.GetValue(seeds))
            {
                output.Rows(answer["seeds"]!.AsArray().Select(Flat), "seed", "provider", "address", "open", "nextProbe", "place", "pool", "seconds", "verdict", "trouble");
            }
            else
            {
                Table(output, answer["providers"]!.AsArray());
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Probe(SharedOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "Key in seeds" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
        var command = new Command("probe", "Send a probe by each of its pools now") { name, reason };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.PostAsync("v1/seeds/probe", new { name = parsed.GetValue(name), reason = parsed.GetValue(reason) }, stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Object(answer);
            return ExitCode.Good;
        });
        return command;
    }

    private static JsonObject Row(JsonNode? row) => new()
    {
        ["provider"] = row!["provider"]!.ToString(),
        ["pool"] = row["pool"]!.ToString(),
        ["probes"] = row["day"]!["probes"]!.ToString(),
        ["inbox"] = Percent(row["day"]!["inbox"]),
        ["spam"] = Percent(row["day"]!["spam"]),
        ["missing"] = Percent(row["day"]!["missing"]),
        ["p50"] = row["day"]!["p50"]?.ToString(),
        ["p95"] = row["day"]!["p95"]?.ToString(),
        ["inbox 7d"] = Percent(row["week"]!["inbox"]),
        ["spam 7d"] = Percent(row["week"]!["spam"]),
        ["missing 7d"] = Percent(row["week"]!["missing"]),
        ["p50 7d"] = row["week"]!["p50"]?.ToString(),
        ["drift"] = row["drift"]!.ToString(),
    };

    private static JsonObject Flat(JsonNode? seed) => new()
    {
        ["seed"] = seed!["seed"]!.ToString(),
        ["provider"] = seed["provider"]!.ToString(),
        ["address"] = seed["address"]!.ToString(),
        ["open"] = seed["open"]!.ToString(),
        ["nextProbe"] = seed["nextProbe"]?.ToString(),
        ["place"] = seed["last"]?["place"]?.ToString(),
        ["pool"] = seed["last"]?["pool"]?.ToString(),
        ["seconds"] = seed["last"]?["seconds"]?.ToString(),
        ["verdict"] = seed["last"]?["verdict"]?.ToString(),
        ["trouble"] = seed["trouble"]!.ToString(),
    };

    private static string Percent(JsonNode? share) => string.Create(CultureInfo.InvariantCulture, $"{share!.GetValue<double>():0.0 %}");
}
