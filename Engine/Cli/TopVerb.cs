using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Engine.Cli;

/// <summary><c>engine top</c>: provider × source, live; one picture when the output is no terminal.</summary>
internal static class TopVerb
{
    private static readonly string[] Columns = ["provider", "source", "tls", "ready", "connections", "maxConnections", "perMinute", "deferredShare", "state", "rule", "since", "until"];

    public static Command Make(SharedOptions common)
    {
        var every = new Option<int>("--every") { Description = "Seconds between pictures", DefaultValueFactory = static _ => 2 };
        var command = new Command("top", "What goes where now, provider by source") { every };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var first = await client.GetAsync("v1/top", stop).ConfigureAwait(false);
            if (parsed.GetValue(common.Json) || Console.IsOutputRedirected)
            {
                new Output(parsed.GetValue(common.Json)).Rows(first.AsArray(), Columns);
                return ExitCode.Good;
            }

            await WatchAsync(client, first, Math.Clamp(parsed.GetValue(every), 1, 3_600), stop).ConfigureAwait(false);
            return ExitCode.Good;
        });
        return command;
    }

    private static Task WatchAsync(AdminClient client, JsonNode first, int seconds, CancellationToken stop) =>
        AnsiConsole.Live(Picture(first)).StartAsync(async screen =>
        {
            using var beat = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
            try
            {
                while (await beat.WaitForNextTickAsync(stop).ConfigureAwait(false))
                {
                    screen.UpdateTarget(Picture(await client.GetAsync("v1/top", stop).ConfigureAwait(false)));
                }
            }
            catch (OperationCanceledException)
            {
                // The operator has seen enough.
            }
        });

    private static Table Picture(JsonNode rows)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in Columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (var row in rows.AsArray())
        {
            table.AddRow([.. Columns.Select(column => Markup.Escape(row?[column]?.ToString() ?? string.Empty))]);
        }

        return table;
    }
}
