using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine queue …</c></summary>
internal static class QueueVerbs
{
    private const double GrowthAllowed = 1.1;

    public static Command Make(SharedOptions common) => new("queue", "Look at and change queued mail")
    {
        List(common),
        Count(common),
        Show(common),
        Change(common, "retry", "Try again now; every limit still holds"),
        Change(common, "hold", "Keep until released"),
        Change(common, "release", "Let held mail go on"),
        Change(common, "fail", "End as bounced, with a notice to the sender as usual"),
        Change(common, "rm", "End as cancelled, without a notice"),
        Change(common, "expire", "Give up now: end as expired, with a notice to the sender as usual"),
        Change(common, "route", "Leave by another pool from now on; whole messages do", new Option<string?>("--to-pool") { Description = "The new pool", Required = true }),
        ExportVerb.Make(common),
        ImportVerb.Make(common),
    };

    private static Command List(SharedOptions common)
    {
        var selectors = new SelectorOptions();
        var command = new Command("ls", "One line a recipient");
        selectors.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var selector = selectors.Read(parsed);
            selector["limit"] ??= parsed.GetValue(common.Json) ? int.MaxValue : 1_000;
            var output = new Output(parsed.GetValue(common.Json));
            var rows = new List<JsonNode?>();
            await foreach (var line in client.LinesAsync($"v1/queue?{SelectorOptions.Query(selector)}", stop).ConfigureAwait(false))
            {
                if (output.IsJson)
                {
                    Output.Line(line);
                }
                else
                {
                    rows.Add(JsonNode.Parse(line));
                }
            }

            if (!output.IsJson)
            {
                output.Rows(rows, "id", "rcpt", "state", "to", "account", "attempts", "due", "category");
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Count(SharedOptions common)
    {
        var by = new Option<string?>("--by") { Description = "domain, account, category or state" };
        by.AcceptOnlyFromAmong("domain", "account", "category", "state");
        var command = new Command("count", "How many recipients wait") { by };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var output = new Output(parsed.GetValue(common.Json));
            var dimension = parsed.GetValue(by);
            var counts = await client.GetAsync(dimension is null ? "v1/queue/count" : $"v1/queue/count?by={dimension}", stop).ConfigureAwait(false);
            if (dimension is null)
            {
                output.Object(counts);
            }
            else
            {
                output.Rows(counts.AsArray(), dimension, "recipients");
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Show(SharedOptions common)
    {
        var id = new Argument<string>("ID") { Description = "Message id" };
        var headers = new Option<bool>("--headers") { Description = "The header block as it goes out" };
        var body = new Option<bool>("--body") { Description = "The whole message" };
        var log = new Option<bool>("--log") { Description = "Its events" };
        var command = new Command("show", "One queued message") { id, headers, body, log };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var name = parsed.GetValue(id);
            var part = parsed.GetValue(body) ? "?body=true" : parsed.GetValue(headers) ? "?headers=true" : string.Empty;
            var message = await client.GetAsync($"v1/queue/{name}{part}", stop).ConfigureAwait(false);
            var content = message["content"]?.ToString();
            message.AsObject().Remove("content");
            Output.Line(message.ToJsonString(Indented.Options));
            if (content is not null)
            {
                Output.Line(content);
            }

            if (parsed.GetValue(log))
            {
                await TraceVerb.WriteAsync(client, $"id={name}", parsed.GetValue(common.Json), stop).ConfigureAwait(false);
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Change(SharedOptions common, string verb, string description, Option<string?>? pool = null)
    {
        var selectors = new SelectorOptions();
        var consent = new ConsentOptions();
        var command = new Command(verb, description);
        selectors.AddTo(command);
        consent.AddTo(command);
        if (pool is not null)
        {
            command.Options.Add(pool);
        }

        command.SetAction(async (parsed, stop) =>
        {
            var selector = selectors.Read(parsed);
            if (!selector.Any(static pair => pair.Key != "limit") && !parsed.GetValue(consent.All))
            {
                throw new CliError(ExitCode.Usage, $"queue {verb} changes mail: give a selector, or --all for everything");
            }

            using var client = AdminClient.For(common, parsed);
            var counted = await client.PostAsync($"v1/queue/{verb}", new { selector, dryRun = true, pool = pool is null ? null : parsed.GetValue(pool) }, stop).ConfigureAwait(false);
            var count = (long)counted["count"]!;
            Output.Complain($"{count} recipients selected");
            if (parsed.GetValue(consent.DryRun) || count == 0)
            {
                new Output(parsed.GetValue(common.Json)).Object(counted);
                return ExitCode.Good;
            }

            consent.Check(parsed, count, GrowthAllowed);
            var order = new { selector, dryRun = false, reason = parsed.GetValue(consent.Reason) ?? string.Empty, pool = pool is null ? null : parsed.GetValue(pool) };
            var done = await client.PostAsync($"v1/queue/{verb}", order, stop).ConfigureAwait(false);
            if (done["ordered"] is not null)
            {
                Output.Complain("ordered and stored; it is in force now, and memory, counters and events follow behind");
            }

            new Output(parsed.GetValue(common.Json)).Object(done);
            return ExitCode.Good;
        });
        return command;
    }
}
