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
            Output.Line(parsed.GetValue(common.Json) ? status.ToJsonString() : status.ToJsonString(Indented.Options));
            return ExitCode.Good;
        });
        return command;
    }
}
