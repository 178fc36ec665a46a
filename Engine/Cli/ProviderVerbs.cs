using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine provider ls | show | pause | resume | set | probe</c>: receivers by who runs them.</summary>
internal static class ProviderVerbs
{
    public static Command Make(SharedOptions common) =>
        new("provider", "Providers: how mail to each fares, and what is allowed there")
        {
            ProviderList.Make(common),
            Show(common),
            Change(common, "pause", "Send nothing to it; what waits is kept", lasting: true),
            Change(common, "resume", "End its pause", lasting: false),
            Set(common),
            ProbeVerb.Make(common),
        };

    private static Command Show(SharedOptions common)
    {
        var name = Name();
        var command = new Command("show", "Limits, control, warm-up and health, source by source") { name };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.GetAsync($"v1/providers/show?name={Uri.EscapeDataString(parsed.GetValue(name)!)}", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(answer);
                return ExitCode.Good;
            }

            Output.Line($"{answer["provider"]}: {answer["verdict"]}");
            Output.Line("\nsources");
            output.Rows(answer["sources"]!.AsArray(), "source", "state", "weight", "connections", "maxConnections", "rate", "warmup", "rule", "reason", "since", "until");
            Output.Line("\nlimits");
            output.Rows(answer["limits"]!.AsArray(), "name", "key", "rate", "connections", "messagesPerConnection", "waiting", "rule", "reason", "since", "until");
            Output.Line("\ncontrol");
            output.Rows(answer["control"]!.AsArray(), "scope", "subject", "binding", "rule", "since", "until", "refusedRate", "refusedConnections");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Change(SharedOptions common, string verb, string description, bool lasting)
    {
        var name = Name();
        var lasts = new Option<string?>("--for") { Description = "End by itself after, such as 30m" };
        var reason = Reason();
        var command = new Command(verb, description) { name, reason };
        if (lasting)
        {
            command.Options.Add(lasts);
        }

        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { name = parsed.GetValue(name), @for = lasting ? parsed.GetValue(lasts) : null, reason = parsed.GetValue(reason) };
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync($"v1/providers/{verb}", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Set(SharedOptions common)
    {
        var name = Name();
        var rate = new Option<string?>("--rate") { Description = "Recipients per time from each source, such as 100/m; 'none' takes it back" };
        var connections = new Option<string?>("--connections") { Description = "Connections at once from each source; 'none' takes it back" };
        var lasts = new Option<string?>("--for") { Description = "End by itself after, such as 2h" };
        var reason = Reason();
        var command = new Command("set", "Bound what each source sends there, beside all other limits") { name, rate, connections, lasts, reason };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { name = parsed.GetValue(name), rate = parsed.GetValue(rate), connections = parsed.GetValue(connections), @for = parsed.GetValue(lasts), reason = parsed.GetValue(reason) };
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync("v1/providers/set", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "A provider by id, host, domain or words of its name; or a destination of none by its name (its first exchanger)" };

    private static Option<string?> Reason() => new("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
}
