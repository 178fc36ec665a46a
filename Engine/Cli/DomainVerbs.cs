using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Mail;

namespace Engine.Cli;

/// <summary><c>engine domain check | ls</c> and <c>engine source check</c>: what DNS says, what it should say, and the records to publish.</summary>
internal static class DomainVerbs
{
    public static Command Make(SharedOptions common) => new("domain", "Sender domains: what DNS says of them") { Check(common), List(common) };

    /// <summary><c>source check [NAME]</c>.</summary>
    public static Command Sources(SharedOptions common)
    {
        var name = new Argument<string?>("NAME") { Description = "One source; default all", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "PTR, EHLO name and back; advice, so that it ends with 0, or with 75 when DNS could not be asked") { name };
        command.SetAction(async (parsed, stop) =>
        {
            var findings = await OfflineChecks.SourcesAsync(common, parsed, parsed.GetValue(name), stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            output.Rows(findings, "subject", "state", "found", "wanted");
            Publish(output, findings.Select(finding => finding!["publish"]?.ToString()));
            return findings.Any(finding => finding!["state"]!.ToString() == "unknown") ? ExitCode.TryAgain : ExitCode.Good;
        });
        return command;
    }

    private static Command Check(SharedOptions common)
    {
        var name = new Argument<string>("DOMAIN") { Description = "The domain of From" };
        var command = new Command("check", "DKIM, SPF, DMARC, BIMI, return path and sources; 65 when something required is wrong, 75 when DNS could not be asked") { name };
        command.SetAction(async (parsed, stop) =>
        {
            var domain = DomainName.TryParse(parsed.GetValue(name), out var one) ? one : throw new CliError(ExitCode.Usage, $"'{parsed.GetValue(name)}' is not a domain name");
            var report = await OfflineChecks.DomainAsync(common, parsed, domain, stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(report);
            }
            else
            {
                Print(output, report);
            }

            return report["result"]!.ToString() switch
            {
                "wrong" => ExitCode.BadData,
                "unknown" => ExitCode.TryAgain,
                _ => ExitCode.Good,
            };
        });
        return command;
    }

    private static Command List(SharedOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Those that are good, too" };
        var command = new Command("ls", "Domains that are paused or that DNS contradicts, since when, and why") { all };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync($"v1/domains?all={(parsed.GetValue(all) ? "true" : "false")}", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "domain", "state", "level", "since", "observedSeconds", "checked", "reason");
            return ExitCode.Good;
        });
        return command;
    }

    private static void Print(Output output, JsonNode report)
    {
        output.Rows(report["findings"]!.AsArray(), "topic", "state", "subject", "found", "wanted");
        var verify = report["verify"]!;
        Output.Line($"{report["domain"]}: {report["result"]}. Gate: {verify["gate"]}{(verify["since"] is { } since ? $"; contradicted since {since}" : string.Empty)}");
        if (report["spfCost"] is { } cost)
        {
            Output.Line("\nSPF look-ups (at most 10):");
            PrintCost(cost, 0);
        }

        Publish(output, report["publish"]!.AsArray().Select(line => line?.ToString()));
    }

    private static void PrintCost(JsonNode cost, int depth)
    {
        var domain = cost["domain"] is { } name && !cost["term"]!.ToString().Contains(name.ToString(), StringComparison.Ordinal) ? $" {name}" : string.Empty;
        Output.Line($"{new string(' ', 2 * depth)}{cost["lookups"],3} {cost["term"]}{domain}{(cost["note"] is { } note ? $" ({note})" : string.Empty)}");
        foreach (var part in cost["parts"]!.AsArray())
        {
            PrintCost(part!, depth + 1);
        }
    }

    private static void Publish(Output output, IEnumerable<string?> lines)
    {
        var records = lines.OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        if (output.IsJson || records.Length == 0)
        {
            return;
        }

        Output.Line("\nRecords to publish:");
        foreach (var line in records)
        {
            Output.Line(line);
        }
    }
}
