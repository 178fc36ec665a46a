using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary>What <c>suppress add</c> and <c>rm</c> have in common.</summary>
internal sealed class SuppressOptions
{
    private readonly Option<string?> _account = new("--account") { Description = "Only mail of this account; default everybody's", HelpName = "NAME" };
    private readonly Option<string?> _stream = new("--stream") { Description = "Only mail of this stream of the account", HelpName = "NAME" };
    private readonly Option<string?> _class = new("--class") { Description = "Only transactional, or only marketing mail", HelpName = "CLASS" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; recorded in the admin event", HelpName = "TEXT" };

    public Argument<string> Address { get; } = new("ADDRESS") { Description = "The recipient" };

    public void AddTo(Command command)
    {
        command.Options.Add(_account);
        command.Options.Add(_stream);
        command.Options.Add(_class);
        command.Options.Add(_reason);
    }

    public JsonObject Read(ParseResult parsed, string? expires) => new()
    {
        ["address"] = parsed.GetValue(Address),
        ["account"] = parsed.GetValue(_account),
        ["stream"] = parsed.GetValue(_stream),
        ["class"] = parsed.GetValue(_class),
        ["expires"] = expires,
        ["reason"] = parsed.GetValue(_reason),
    };
}
