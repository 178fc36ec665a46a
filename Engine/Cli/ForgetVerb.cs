using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine forget ADDRESS</c>: takes what names a person out of what is kept for long.</summary>
internal static class ForgetVerb
{
    public static Command Make(SharedOptions common)
    {
        var address = new Argument<string>("ADDRESS") { Description = "Who is to be forgotten" };
        var consent = new Option<bool>("--yes") { Description = "Do it; it cannot be undone" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded in the admin event, without the address", HelpName = "TEXT" };
        var command = new Command("forget", "Remove an address from the suppression list's own record of addresses, and kept mail that names it. Its digest stays, so that nobody writes to it again; the event log forgets by events.keep") { address, consent, reason };
        command.SetAction(async (parsed, stop) =>
        {
            if (!parsed.GetValue(consent))
            {
                throw new CliError(ExitCode.Usage, "forget cannot be undone: say --yes");
            }

            using var client = AdminClient.For(common, parsed);
            var answer = await client.PostAsync("v1/forget", new JsonObject { ["address"] = parsed.GetValue(address), ["reason"] = parsed.GetValue(reason) }, stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Object(answer);
            return ExitCode.Good;
        });
        return command;
    }
}
