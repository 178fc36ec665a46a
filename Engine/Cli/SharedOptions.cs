using System.CommandLine;
using Engine.Configuration;

namespace Engine.Cli;

/// <summary>Options that every verb has.</summary>
internal sealed class SharedOptions
{
    public Option<string?> Config { get; } = new("--config", "-c") { Description = "The configuration file; default /etc/engine/engine.json, then ./engine.json", HelpName = "FILE", Recursive = true };

    public Option<string?> Socket { get; } = new("--socket") { Description = "The daemon's admin socket; default the one the configuration names", HelpName = "PATH", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON object a line, for programs", Recursive = true };

    public void AddTo(Command root)
    {
        root.Options.Add(Config);
        root.Options.Add(Socket);
        root.Options.Add(Json);
    }

    /// <summary>The configuration file named, or the first default that exists.</summary>
    public string FileOf(ParseResult parsed) =>
        TryFileOf(parsed) ?? throw new CliError(ExitCode.BadConfiguration, $"no configuration: {string.Join(" and ", Places(parsed))} not found; name it with --config");

    /// <summary>The configuration in force by default: the file named, or the first default that exists; null when there is none, for verbs that do without.</summary>
    public Snapshot? TryLoad(ParseResult parsed)
    {
        if ((parsed.GetValue(Config) is null ? TryFileOf(parsed) : FileOf(parsed)) is not { } file)
        {
            return null;
        }

        var loaded = ConfigurationLoader.Load(file);
        return loaded.Snapshot ?? throw new CliError(ExitCode.BadConfiguration, string.Join('\n', loaded.Findings.All));
    }

    private string? TryFileOf(ParseResult parsed) => Places(parsed).FirstOrDefault(File.Exists);

    private string[] Places(ParseResult parsed) => parsed.GetValue(Config) is { } named ? [named] : ["/etc/engine/engine.json", "engine.json"];
}
