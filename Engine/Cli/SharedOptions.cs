using System.CommandLine;

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
    public string FileOf(ParseResult parsed)
    {
        string[] places = parsed.GetValue(Config) is { } named ? [named] : ["/etc/engine/engine.json", "engine.json"];
        return places.FirstOrDefault(File.Exists) ?? throw new CliError(ExitCode.BadConfiguration, $"no configuration: {string.Join(" and ", places)} not found; name it with --config");
    }
}
