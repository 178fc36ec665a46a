using System.CommandLine;
using System.Security.Cryptography;
using Engine.Submission;

namespace Engine.Cli;

/// <summary><c>engine account passwd</c>: makes the hash that stands in the configuration.</summary>
internal static class AccountVerbs
{
    private const int GeneratedOctets = 18;

    public static Command Make(SharedOptions common)
    {
        var generate = new Option<bool>("--generate") { Description = "Make a password and print it above its hash" };
        var passwd = new Command("passwd", "Read a password from standard input and print its hash for \"password\" in the configuration") { generate };
        passwd.SetAction(async (parsed, stop) =>
        {
            var isGenerated = parsed.GetValue(generate);
            var password = isGenerated ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(GeneratedOctets)) : await Console.In.ReadLineAsync(stop).ConfigureAwait(false);
            if (string.IsNullOrEmpty(password))
            {
                throw new CliError(ExitCode.Usage, "no password on standard input");
            }

            using var chance = RandomNumberGenerator.Create();
            var hash = StoredPassword.Make(password, chance).ToString();
            if (parsed.GetValue(common.Json))
            {
                new Output(isJson: true).Object(isGenerated ? new() { ["password"] = password, ["hash"] = hash } : new System.Text.Json.Nodes.JsonObject { ["hash"] = hash });
            }
            else
            {
                Output.Line(isGenerated ? $"{password}\n{hash}" : hash);
            }

            return ExitCode.Good;
        });
        var account = new Command("account", "Accounts: status, pauses, scores") { passwd };
        foreach (var command in SenderVerbs.OfAccounts(common))
        {
            account.Subcommands.Add(command);
        }

        return account;
    }
}
