using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary>Which entries of the suppression list: options of <c>suppress ls</c> and <c>export</c>.</summary>
internal sealed class SuppressSelection
{
    private readonly Option<string?> _scope = new("--scope") { Description = "global, account or stream", HelpName = "SCOPE" };
    private readonly Option<string?> _account = new("--account") { Description = "Of this account", HelpName = "NAME" };
    private readonly Option<string?> _stream = new("--stream") { Description = "Of this stream of the account", HelpName = "NAME" };
    private readonly Option<string?> _why = new("--reason") { Description = "hard, complaint, unsubscribe, strike, manual, or warning: counted, and not yet suppressed", HelpName = "REASON" };
    private readonly Option<bool> _expired = new("--expired") { Description = "Those that hold no more, too" };

    public void AddTo(Command command)
    {
        command.Options.Add(_scope);
        command.Options.Add(_account);
        command.Options.Add(_stream);
        command.Options.Add(_why);
        command.Options.Add(_expired);
    }

    public JsonObject Read(ParseResult parsed) => new()
    {
        ["scope"] = parsed.GetValue(_scope),
        ["account"] = parsed.GetValue(_account),
        ["stream"] = parsed.GetValue(_stream),
        ["reason"] = parsed.GetValue(_why),
        ["expired"] = parsed.GetValue(_expired),
    };
}
