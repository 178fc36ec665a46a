using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Schema;
using Engine.Daemon;

namespace Engine.Cli;

/// <summary><c>engine config check | show | schema</c>.</summary>
internal static class ConfigVerbs
{
    public static Command Make(SharedOptions common) => new("config", "Check and show the configuration") { Check(common), Show(common), Schema() };

    private static Command Check(SharedOptions common)
    {
        var strict = new Option<bool>("--strict") { Description = "Fail also on findings that only isolate an account, a domain or a key" };
        var file = new Argument<string?>("FILE") { Description = "The file; default as --config", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Read the configuration and every key it names; print all findings") { strict, file };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file) ?? common.FileOf(parsed);
            if (!File.Exists(name))
            {
                throw new CliError(ExitCode.BadConfiguration, $"{name} does not exist");
            }

            var findings = ConfigurationCheck.FindAll(name);
            var output = new Output(parsed.GetValue(common.Json));
            foreach (var finding in findings.All)
            {
                Output.Line(output.IsJson ? Json(finding).ToJsonString() : $"{finding}{(finding.Scope is FindingScope.Core ? string.Empty : $" (isolates one {finding.Scope.ToString().ToLowerInvariant()})")}");
            }

            var isBad = findings.HasCore || (parsed.GetValue(strict) && findings.All.Count > 0);
            if (!output.IsJson)
            {
                Output.Line(findings.All.Count == 0 ? $"{name}: good" : $"{name}: {findings.All.Count} findings{(isBad ? string.Empty : "; it would start")}");
            }

            return isBad ? ExitCode.BadConfiguration : ExitCode.Good;
        });
        return command;
    }

    private static Command Show(SharedOptions common)
    {
        var effective = new Option<bool>("--effective") { Description = "With defaults filled in and overrides marked, as the daemon runs; secrets masked" };
        var command = new Command("show", "Show the configuration") { effective };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(effective))
            {
                using var client = AdminClient.For(common, parsed);
                Output.Line((await client.GetAsync("v1/config", stop).ConfigureAwait(false)).ToJsonString(Indented.Options));
                return ExitCode.Good;
            }

            var loaded = ConfigurationLoader.Load(common.FileOf(parsed));
            var snapshot = loaded.Snapshot ?? throw new CliError(ExitCode.BadConfiguration, string.Join('\n', loaded.Findings.All));
            Output.Line(EffectiveWriter.Write(snapshot, []));
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Print the JSON schema of engine.json");
        command.SetAction(_ => Output.Line(SchemaWriter.Write(DocComments.OfEngine())));
        return command;
    }

    private static JsonObject Json(Finding finding) => new()
    {
        ["file"] = finding.File,
        ["line"] = finding.Line,
        ["path"] = finding.Path,
        ["message"] = finding.Message,
        ["scope"] = finding.Scope.ToString().ToLowerInvariant(),
    };
}
