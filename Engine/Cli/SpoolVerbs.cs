using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Queue.Logs;
using Engine.Queue.Spool;
using Engine.Queue.Transfer;

namespace Engine.Cli;

/// <summary><c>engine spool …</c></summary>
internal static class SpoolVerbs
{
    // Page and file sizes do not depend on the memory.
    private static readonly LogLayout Layout = LogLayout.For(0);

    public static Command Make(SharedOptions common) => new("spool", "The queue's files: look for damage, rescue mail")
    {
        Verify(common),
        Salvage(common),
        Stats(common),
        Compact(common),
    };

    private static Command Verify(SharedOptions common)
    {
        var place = new SpoolPlace(common);
        var command = new Command("verify", "Read every frame and say what is there and what is damaged. Changes nothing; exit code 65 when something is damaged");
        place.AddTo(command);
        command.SetAction((parsed, stop) => Task.Run(
            () =>
            {
                using var files = place.Open(parsed);
                var report = SpoolReading.Run(files, Layout, files.Memory(Layout), stop).Report;
                if (parsed.GetValue(common.Json))
                {
                    Output.Line(SpoolReportJson.Whole(report).ToJsonString());
                }
                else
                {
                    SpoolText.Write(report);
                }

                return report.IsDamaged ? ExitCode.BadData : ExitCode.Good;
            },
            stop));
        return command;
    }

    private static Command Salvage(SharedOptions common)
    {
        var place = new SpoolPlace(common);
        var to = new Option<string>("--to") { Description = "The file to write; it must not be there", HelpName = "FILE", Required = true };
        var command = new Command("salvage", "Write every whole message that has not ended into a file for 'queue import'. The engine must be stopped; changes nothing. Exit code 65 when something was lost") { to };
        place.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var files = place.Open(parsed);
            if (files.IsInUse())
            {
                throw new CliError(ExitCode.TryAgain, $"an engine runs on {files.Path}: stop it first, or move mail out of it with 'engine queue export'");
            }

            var file = NewFile.Make(parsed.GetValue(to)!);
            await using (file.ConfigureAwait(false))
            {
                var origin = TransferOrigin.Here(Guid.NewGuid(), Environment.MachineName, TimeProvider.System.GetUtcNow());
                var (report, manifest) = await SpoolSalvage.RunAsync(files, Layout, files.Memory(Layout), new TransferWriter(file.Content, origin), stop).ConfigureAwait(false);
                file.Keep();
                Tell(report, manifest, parsed.GetValue(to)!, parsed.GetValue(common.Json));
                return report.Lost.Count == 0 && !report.IsDamaged ? ExitCode.Good : ExitCode.BadData;
            }
        });
        return command;
    }

    private static void Tell(SpoolReport report, TransferManifest manifest, string file, bool isJson)
    {
        if (!isJson)
        {
            foreach (var line in SpoolText.Lost(report))
            {
                Output.Complain(line);
            }
        }

        new Output(isJson).Object(new JsonObject
        {
            ["file"] = file,
            ["messages"] = manifest.Messages,
            ["recipients"] = manifest.Recipients,
            ["octets"] = manifest.Octets,
            ["lost"] = isJson ? new JsonArray([.. report.Lost.Select(static one => (JsonNode)SpoolReportJson.Of(one))]) : report.Lost.Count,
            ["damagedPlaces"] = report.Logs.Sum(static log => log.DamageCount),
            ["mayBeSentAgain"] = report.Uncertain,
        });
    }

    private static Command Stats(SharedOptions common)
    {
        var place = new SpoolPlace(common);
        var command = new Command("stats", "What the queue's disk holds: the running engine's figures, or those of the files when it is stopped");
        place.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var output = new Output(parsed.GetValue(common.Json));
            if (!place.IsNamed(parsed) && await AskAsync(common, parsed, stop).ConfigureAwait(false) is { } figures)
            {
                output.Object(figures);
                return ExitCode.Good;
            }

            using var files = place.Open(parsed);
            var now = TimeProvider.System.GetUtcNow();
            var answer = SpoolReportJson.Figures(await Task.Run(() => SpoolReading.Run(files, Layout, files.Memory(Layout), stop).Report, stop).ConfigureAwait(false));
            answer["freeDisk"] = SpoolFigures.Of(files, now)["freeDisk"]?.DeepClone();
            answer["snapshots"] = SpoolFigures.Of(files, now)["snapshots"]?.DeepClone();
            output.Object(answer);
            return ExitCode.Good;
        });
        return command;
    }

    // Null when no daemon answers.
    private static async Task<JsonNode?> AskAsync(SharedOptions common, ParseResult parsed, CancellationToken stop)
    {
        try
        {
            using var client = AdminClient.For(common, parsed);
            return await client.GetAsync("v1/spool", stop).ConfigureAwait(false);
        }
        catch (CliError fault) when (fault.Code == ExitCode.Unavailable)
        {
            return null;
        }
    }

    private static Command Compact(SharedOptions common)
    {
        var command = new Command("compact", "Ask the running engine to give back now the disk that dead mail takes");
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync("v1/spool/compact", new { }, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }
}
