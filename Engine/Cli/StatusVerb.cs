using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine status</c>: one screen.</summary>
internal static class StatusVerb
{
    public static Command Make(SharedOptions common)
    {
        var command = new Command("status", "How the engine is: queue, connections, pauses, findings");
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var status = await client.GetAsync("v1/status", stop).ConfigureAwait(false);
            if (parsed.GetValue(common.Json))
            {
                Output.Line(status.ToJsonString());
                return ExitCode.Good;
            }

            var seeds = status["seeds"]?.AsArray() ?? [];
            status.AsObject().Remove("seeds");
            Output.Line(status.ToJsonString(Indented.Options));
            if (seeds.Count > 0)
            {
                SeedVerbs.Table(new Output(isJson: false), seeds);
            }

            return ExitCode.Good;
        });
        return command;
    }
}
