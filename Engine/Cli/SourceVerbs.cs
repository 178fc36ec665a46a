using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine source ls | show | drain | disable | enable | warmup</c> and <c>engine pool ls</c>: the addresses mail leaves from.</summary>
internal static class SourceVerbs
{
    public static Command Make(SharedOptions common) =>
        new("source", "Sources: the addresses mail leaves from")
        {
            List(common),
            Show(common),
            Change(common, "drain", "Start nothing new on it; what runs ends in good order"),
            Change(common, "disable", "Use it no more until 'enable'"),
            Change(common, "enable", "Take back 'drain' and 'disable'"),
            Warmup(common),
            DomainVerbs.Sources(common),
        };

    public static Command Pools(SharedOptions common)
    {
        var list = new Command("ls", "Every pool with its sources and their weights");
        list.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync("v1/pools", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            foreach (var row in output.IsJson ? [] : rows.AsArray())
            {
                row!["sources"] = string.Join(' ', row["sources"]!.AsObject().Select(source => $"{source.Key}={source.Value}"));
            }

            output.Rows(rows.AsArray(), "pool", "class", "sources", "usable", "exclusiveTo", "onEmpty", "ready");
            return ExitCode.Good;
        });
        return new Command("pool", "Pools: sources that share mail") { list };
    }

    private static Command List(SharedOptions common)
    {
        var command = new Command("ls", "Every source and how it stands");
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync("v1/sources", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "source", "address", "pools", "state", "connections", "stopped", "warming", "listed", "rule", "reason", "since", "until");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Show(SharedOptions common)
    {
        var name = Name();
        var command = new Command("show", "How it fares at each provider") { name };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.GetAsync($"v1/sources/show?name={Uri.EscapeDataString(parsed.GetValue(name)!)}", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(answer);
                return ExitCode.Good;
            }

            Output.Line($"{answer["source"]} [{answer["address"]}]: {answer["state"]} {answer["reason"]}");
            output.Rows(answer["providers"]!.AsArray(), "provider", "state", "weight", "connections", "maxConnections", "rate", "warmup", "rule", "reason", "since", "until");
            if (answer["listings"]!.AsArray().Count > 0)
            {
                Output.Line("\nlisted");
                output.Rows(answer["listings"]!.AsArray(), "list", "state", "meaning", "since", "quarantined", "kept", "delisting");
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Change(SharedOptions common, string verb, string description)
    {
        var name = Name();
        var reason = new Option<string?>("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
        var lasts = new Option<string?>("--for") { Description = "End by itself after, such as 2h" };
        var command = new Command(verb, description) { name, reason };
        if (verb != "enable")
        {
            command.Options.Add(lasts);
        }

        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { name = parsed.GetValue(name), @for = verb == "enable" ? null : parsed.GetValue(lasts), reason = parsed.GetValue(reason) };
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync($"v1/sources/{verb}", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Warmup(SharedOptions common)
    {
        var filter = new Argument<string?>("NAME") { Description = "One source or sender domain", Arity = ArgumentArity.ZeroOrOne };
        var show = new Command("show", "Where each source and sender domain stands, and when it will be done") { filter };
        show.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = parsed.GetValue(filter) is { } name ? $"?name={Uri.EscapeDataString(name)}" : string.Empty;
            var rows = await client.GetAsync($"v1/warmup{query}", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "kind", "name", "provider", "plan", "step", "of", "allowance", "used", "deferred", "hard", "held", "done");
            return ExitCode.Good;
        });
        return new Command("warmup", "Warm-up by calendar: days are earned")
        {
            show,
            WarmupChange(common, "set", "Put it at a step of its plan", new Option<string>("--step") { Description = "A day of the plan from 1, or 'warm'", Required = true }),
            WarmupChange(common, "hold", "Keep it at its step", null),
            WarmupChange(common, "release", "Let it go on by itself: take back 'hold' and every 'set'", null),
        };
    }

    private static Command WarmupChange(SharedOptions common, string verb, string description, Option<string>? step)
    {
        var name = Name();
        var provider = new Option<string?>("--provider") { Description = "At one provider only" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
        var command = new Command(verb, description) { name, reason };
        if (step is not null)
        {
            command.Options.Add(step);
            command.Options.Add(provider);
        }

        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { name = parsed.GetValue(name), provider = step is null ? null : parsed.GetValue(provider), step = step is null ? null : parsed.GetValue(step), reason = parsed.GetValue(reason) };
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync($"v1/warmup/{verb}", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "Key in sources" };
}
