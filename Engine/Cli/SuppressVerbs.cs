using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine suppress check | add | rm | ls | import | export | stats</c>: who gets no mail.</summary>
internal static class SuppressVerbs
{
    public static Command Make(SharedOptions common)
    {
        var group = new Command("suppress", "The suppression list: who gets no mail, and why") { Check(common), Add(common), Remove(common) };
        foreach (var verb in SuppressListVerbs.Make(common))
        {
            group.Subcommands.Add(verb);
        }

        return group;
    }

    private static Command Check(SharedOptions common)
    {
        var address = Address();
        var account = new Option<string?>("--account") { Description = "Also in the scopes of this account and its streams", HelpName = "NAME" };
        var command = new Command("check", "What keeps mail from an address; 65 when something does") { address, account };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = $"address={Uri.EscapeDataString(parsed.GetValue(address)!)}" + (parsed.GetValue(account) is { } named ? $"&account={Uri.EscapeDataString(named)}" : string.Empty);
            var rows = (await client.GetAsync($"v1/suppressions/check?{query}", stop).ConfigureAwait(false)).AsArray();
            new Output(parsed.GetValue(common.Json)).Rows(rows, "scope", "reason", "origin", "added", "expires", "suppresses", "count");
            return rows.Any(static row => (bool)row!["suppresses"]!) ? ExitCode.BadData : ExitCode.Good;
        });
        return command;
    }

    private static Command Add(SharedOptions common)
    {
        var options = new SuppressOptions();
        var expires = new Option<string?>("--expires") { Description = "How long, such as 30d; default for ever", HelpName = "TIME" };
        var command = new Command("add", "Keep mail from an address; on stable storage when the verb returns") { options.Address, expires };
        options.AddTo(command);
        command.SetAction((parsed, stop) => ChangeAsync(common, parsed, "v1/suppressions", options.Read(parsed, parsed.GetValue(expires)), stop));
        return command;
    }

    private static Command Remove(SharedOptions common)
    {
        var options = new SuppressOptions();
        var every = new Option<bool>("--all-scopes") { Description = "From global, and with --account from every scope of that account" };
        var command = new Command("rm", "Let mail to an address go again. Who unsubscribed or complained has said no: have a reason") { options.Address, every };
        options.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var request = options.Read(parsed, null);
            if (parsed.GetValue(every))
            {
                request["scope"] = "all";
            }

            return ChangeAsync(common, parsed, "v1/suppressions/rm", request, stop);
        });
        return command;
    }

    private static async Task<int> ChangeAsync(SharedOptions common, ParseResult parsed, string path, JsonObject request, CancellationToken stop)
    {
        using var client = AdminClient.For(common, parsed);
        new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync(path, request, stop).ConfigureAwait(false));
        return ExitCode.Good;
    }

    private static Argument<string> Address() => new("ADDRESS") { Description = "The recipient" };
}
