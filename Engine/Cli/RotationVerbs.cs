using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Preflight;

namespace Engine.Cli;

/// <summary><c>engine dkim rotate | ls</c>: the life of signing keys, in the running daemon.</summary>
internal static class RotationVerbs
{
    public static Command Rotate(SharedOptions common)
    {
        var domain = DkimVerbs.DomainArgument();
        var emergency = new Option<bool>("--emergency") { Description = "The key is compromised: it signs nothing more from now on, queued mail is signed anew; needs --reason and --yes" };
        var revoke = new Option<string?>("--revoke") { Description = "With --emergency: the compromised key; default all that sign", HelpName = "SELECTOR" };
        var type = new Option<string?>("--type") { Description = "Kind of the new key: rsa2048, rsa3072, rsa4096 or ed25519; default like the old" };
        type.AcceptOnlyFromAmong("rsa2048", "rsa3072", "rsa4096", "ed25519");
        var selector = new Option<string?>("--selector") { Description = "Name of the new key; default by the date" };
        var now = new Option<bool>("--switch") { Description = "Let the waiting key sign now, whatever DNS shows" };
        var yes = new Option<bool>("--yes") { Description = "Do it" };
        var dry = new Option<bool>("--dry-run") { Description = "Say how keys would stand, change nothing" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded in the admin event", HelpName = "TEXT" };
        var command = new Command("rotate", "Make the next key, wait until DNS shows it everywhere, switch, retire the old one when no mail needs it") { domain, emergency, revoke, type, selector, now, yes, dry, reason };
        command.SetAction(async (parsed, stop) =>
        {
            if ((parsed.GetValue(emergency) || parsed.GetValue(now)) && !parsed.GetValue(yes) && !parsed.GetValue(dry))
            {
                throw new CliError(ExitCode.Usage, $"this takes effect on all mail of {parsed.GetValue(domain)} at once: say --yes, or --dry-run");
            }

            using var client = AdminClient.For(common, parsed);
            var answer = await client.PostAsync(
                "v1/dkim/rotate",
                new
                {
                    domain = parsed.GetValue(domain),
                    emergency = parsed.GetValue(emergency),
                    revoke = parsed.GetValue(revoke),
                    type = parsed.GetValue(type),
                    selector = parsed.GetValue(selector),
                    @switch = parsed.GetValue(now),
                    dryRun = parsed.GetValue(dry),
                    reason = parsed.GetValue(reason),
                },
                stop).ConfigureAwait(false);
            return Tell(new Output(parsed.GetValue(common.Json)), answer, parsed.GetValue(dry));
        });
        return command;
    }

    public static Command List(SharedOptions common)
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "One domain; default all", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("ls", "Every signing key and how it stands: next, spare, signing, retiring, retired, revoked") { domain };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = parsed.GetValue(domain) is { } one ? $"?domain={Uri.EscapeDataString(one)}" : string.Empty;
            var rows = await client.GetAsync($"v1/dkim{query}", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "domain", "selector", "type", "standing", "since", "seen", "missing", "reason");
            return ExitCode.Good;
        });
        return command;
    }

    private static int Tell(Output output, JsonNode answer, bool isDryRun)
    {
        var fault = answer["fault"]?.GetValue<string>();
        if (output.IsJson)
        {
            output.Object(answer);
            return fault is null ? ExitCode.Good : ExitCode.Unavailable;
        }

        output.Rows(answer["keys"]!.AsArray(), "selector", "type", "standing", "since", "missing", "reason");
        foreach (var key in answer["keys"]!.AsArray().Where(static key => key!["standing"]!.GetValue<string>() is "next" or "spare" && key["record"] is not null))
        {
            Output.Line($"publish: {ZoneLine.Txt(key!["name"]!.GetValue<string>(), key["record"]!.GetValue<string>())}");
        }

        if (answer["withheld"]!.GetValue<bool>() && !isDryRun)
        {
            Output.Complain($"no key of {answer["domain"]} may sign: its queued mail waits and its submissions are answered 451 until the next key is in DNS ('engine dkim ls {answer["domain"]}' shows where it is not)");
        }

        if (fault is not null)
        {
            Output.Complain(fault);
        }

        return fault is null ? ExitCode.Good : ExitCode.Unavailable;
    }
}
