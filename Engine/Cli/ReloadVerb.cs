using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine reload</c> and <c>engine adopt</c>.</summary>
internal static class ReloadVerb
{
    public static Command Make(SharedOptions common)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, change nothing" };
        var previous = new Option<bool>("--previous") { Description = "Back to the configuration before the last reload" };
        var orphans = new Option<string?>("--orphans") { Description = "hold: keep mail of accounts and pools that are gone, instead of refusing" };
        orphans.AcceptOnlyFromAmong("hold");
        var command = new Command("reload", "Read the configuration again; refused whole when it has a core finding") { dryRun, previous, orphans };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { dryRun = parsed.GetValue(dryRun), previous = parsed.GetValue(previous), holdOrphans = parsed.GetValue(orphans) is not null };
            var result = await client.PostAsync("v1/reload", body, stop).ConfigureAwait(false);
            Output.Line(parsed.GetValue(common.Json) ? result.ToJsonString() : result.ToJsonString(Indented.Options));
            return (bool)result["taken"]! || body.dryRun ? ExitCode.Good : ExitCode.BadConfiguration;
        });
        return command;
    }

    public static Command Adopt(SharedOptions common)
    {
        var yes = new Option<bool>("--yes") { Description = "The mail in this state is this machine's to send" };
        var command = new Command("adopt", "Take over a state directory that was restored or copied, and let its mail go") { yes };
        command.SetAction(async (parsed, stop) =>
        {
            if (!parsed.GetValue(yes))
            {
                throw new CliError(ExitCode.Usage, "adopt sends what the restored state holds, perhaps again: say --yes");
            }

            using var client = AdminClient.For(common, parsed);
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync("v1/adopt", new { }, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }
}
