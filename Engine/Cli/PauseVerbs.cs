using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine pause | resume</c> and <c>engine override ls | rm</c>.</summary>
internal static class PauseVerbs
{
    public static Command Pause(SharedOptions common)
    {
        var lasts = new Option<string?>("--for") { Description = "Resume by itself after, such as 30m" };
        return Make(common, "pause", "Stop sending; submissions are still taken", lasts);
    }

    public static Command Resume(SharedOptions common) => Make(common, "resume", "End a pause", null);

    public static Command Overrides(SharedOptions common)
    {
        var key = new Argument<string>("KEY") { Description = "As override ls shows it" };
        var list = new Command("ls", "What operators and brakes have changed beside the configuration");
        list.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync("v1/overrides", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "key", "value", "who", "reason", "since", "until");
            return ExitCode.Good;
        });
        var remove = new Command("rm", "Take one back") { key };
        remove.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync("v1/overrides/rm", new { key = parsed.GetValue(key) }, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return new Command("override", "Changes beside the configuration: they win over it and survive restarts") { list, remove };
    }

    private static Command Make(SharedOptions common, string verb, string description, Option<string?>? lasts)
    {
        var what = new Argument<string?>("all") { Description = "Everything", Arity = ArgumentArity.ZeroOrOne };
        what.AcceptOnlyFromAmong("all");
        var account = new Option<string?>("--account") { Description = "One account" };
        var stream = new Option<string?>("--stream") { Description = "One stream, as ACCOUNT/STREAM" };
        var pool = new Option<string?>("--pool") { Description = "One pool" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
        var command = new Command(verb, description) { what, account, stream, pool, reason };
        if (lasts is not null)
        {
            command.Options.Add(lasts);
        }

        command.SetAction(async (parsed, stop) =>
        {
            var body = new JsonObject
            {
                ["all"] = parsed.GetValue(what) is not null,
                ["account"] = parsed.GetValue(account),
                ["stream"] = parsed.GetValue(stream),
                ["pool"] = parsed.GetValue(pool),
                ["reason"] = parsed.GetValue(reason),
                ["for"] = lasts is null ? null : parsed.GetValue(lasts),
            };
            using var client = AdminClient.For(common, parsed);
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync($"v1/{verb}", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }
}
