using System.CommandLine;
using Engine.Configuration;
using Engine.Queue.Spool;

namespace Engine.Cli;

/// <summary>Where the spool is that an offline verb reads: <c>--state</c>, else the configuration's.</summary>
internal sealed class SpoolPlace(SharedOptions common)
{
    private readonly Option<string?> _state = new("--state") { Description = "State directory, its queue directory, or a copy of either; default the configuration's state", HelpName = "DIR" };

    public void AddTo(Command command) => command.Options.Add(_state);

    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_state) is not null;

    /// <exception cref="CliError">There is none.</exception>
    public SpoolFiles Open(ParseResult parsed)
    {
        try
        {
            return SpoolFiles.Open(parsed.GetValue(_state) ?? StateOf(parsed));
        }
        catch (DirectoryNotFoundException fault)
        {
            throw new CliError(ExitCode.BadData, fault.Message);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new CliError(ExitCode.TryAgain, fault.Message);
        }
    }

    private string StateOf(ParseResult parsed)
    {
        var loaded = ConfigurationLoader.Load(common.FileOf(parsed));
        return loaded.Snapshot is { } snapshot
            ? snapshot.PathTo(snapshot.Options.State)
            : throw new CliError(ExitCode.BadConfiguration, $"the configuration does not say where the state is; name it with --state:\n{string.Join('\n', loaded.Findings.All)}");
    }
}
