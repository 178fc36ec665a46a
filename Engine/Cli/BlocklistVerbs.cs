using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Blocklists;

namespace Engine.Cli;

/// <summary><c>engine blocklist check | status</c>.</summary>
internal static class BlocklistVerbs
{
    public static Command Make(SharedOptions common) => new("blocklist", "Block lists: who stands on one") { Check(common), Status(common) };

    private static Command Check(SharedOptions common)
    {
        var target = new Argument<string?>("TARGET") { Description = "An address or a domain; default every source", HelpName = "IP|DOMAIN", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Ask every list now, over the resolvers of dns.servers; 65 when something is listed") { target };
        command.SetAction(async (parsed, stop) =>
        {
            var snapshot = Load(common, parsed);
            var targets = parsed.GetValue(target) is { } named ? [Form(named)] : Sources(snapshot);
            var lists = BlocklistLoader.Load(snapshot, out var findings);
            foreach (var finding in findings)
            {
                Output.Complain(finding.ToString());
            }

            await using var dns = ListAsker.ClientOf(snapshot.Options.Dns, TimeProvider.System, new UnguessableRandom());
            var lookup = new BlocklistLookup(new ListAsker(dns, TimeProvider.System), TimeProvider.System);
            var rows = new List<LookupRow>();
            foreach (var one in targets)
            {
                rows.AddRange(await lookup.AskAsync(one, lists, stop).ConfigureAwait(false));
            }

            new Output(parsed.GetValue(common.Json)).Rows(rows.Select(Row), "target", "list", "weight", "verdict", "meaning", "reason", "delisting", "ttl", "noTtl", "ms");
            return rows.Exists(row => row.IsListing) ? ExitCode.BadData : ExitCode.Good;
        });
        return command;
    }

    private static Command Status(SharedOptions common)
    {
        var lists = new Option<bool>("--lists") { Description = "The lists, their health and how late a listing may be seen, instead of the listings" };
        var command = new Command("status", "What the running daemon knows: listings, quarantines, lists") { lists };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var report = await client.GetAsync("v1/blocklists", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(report);
            }
            else if (parsed.GetValue(lists))
            {
                output.Rows(report["lists"]!.AsArray(), "name", "kind", "weight", "health", "since", "negativeTtl", "seen");
            }
            else
            {
                output.Rows(report["listings"]!.AsArray(), "subject", "target", "list", "state", "meaning", "since", "quarantined", "kept", "delisting");
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Snapshot Load(SharedOptions common, ParseResult parsed)
    {
        var loaded = ConfigurationLoader.Load(common.FileOf(parsed));
        return loaded.Snapshot ?? throw new CliError(ExitCode.BadConfiguration, string.Join('\n', loaded.Findings.All));
    }

    private static string Form(string text) =>
        IPAddress.TryParse(text, out var address) ? address.ToString()
        : DomainName.TryParse(text, out var domain) ? domain.Name
        : throw new CliError(ExitCode.Usage, $"'{text}' is neither an address nor a domain");

    private static string[] Sources(Snapshot snapshot)
    {
        string[] addresses = [.. new SourceMap(snapshot).Sources.Where(source => source.Address is not null).Select(source => source.Address!.ToString())];
        return addresses.Length > 0 ? addresses : throw new CliError(ExitCode.Usage, "no source has an address: name an address or a domain");
    }

    private static JsonObject Row(LookupRow row) => new()
    {
        ["target"] = row.Target,
        ["list"] = row.List.Zone,
        ["weight"] = row.List.Weight.ToString().ToLowerInvariant(),
        ["verdict"] = row.IsListing || row.Answer.Verdict is not ListVerdict.Listed || row.List.Weight is ListWeight.White
            ? row.Answer.Verdict.ToString().ToLowerInvariant()
            : $"not counted: {row.Health.ToString().ToLowerInvariant()}",
        ["meaning"] = row.Answer.Meaning,
        ["reason"] = row.Reason,
        ["delisting"] = row.Answer.Verdict is ListVerdict.Listed ? row.List.Delisting : string.Empty,
        ["ttl"] = row.Answer.Verdict is ListVerdict.Listed ? Math.Round(row.Answer.Ttl.TotalSeconds) : null,
        ["noTtl"] = row.Answer.NegativeTtl?.TotalSeconds,
        ["ms"] = Math.Round(row.Took.TotalMilliseconds),
    };
}
