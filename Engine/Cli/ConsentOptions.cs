using System.CommandLine;
using System.Globalization;

namespace Engine.Cli;

/// <summary>How an operator agrees to a change of many things.</summary>
internal sealed class ConsentOptions
{
    private readonly Option<string?> _yes = new("--yes") { Description = "Do it; --yes=COUNT only if no more than COUNT and a tenth are selected", Arity = ArgumentArity.ZeroOrOne };

    public Option<bool> All { get; } = new("--all") { Description = "Everything" };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Say how many, change nothing" };

    public Option<string?> Reason { get; } = new("--reason") { Description = "Why; recorded in the admin event", HelpName = "TEXT" };

    public void AddTo(Command command)
    {
        command.Options.Add(_yes);
        command.Options.Add(All);
        command.Options.Add(DryRun);
        command.Options.Add(Reason);
    }

    /// <summary>One recipient needs no consent.</summary>
    /// <exception cref="CliError">It was not given, or the count has grown beyond it.</exception>
    public void Check(ParseResult parsed, long count, double growth)
    {
        if (parsed.GetResult(_yes) is null)
        {
            if (count > 1)
            {
                throw new CliError(ExitCode.Usage, $"this changes {count} recipients: say --yes, --yes={count}, or --dry-run");
            }

            return;
        }

        if (parsed.GetValue(_yes) is { Length: > 0 } text
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var expected) || count > expected * growth))
        {
            throw new CliError(ExitCode.TryAgain, $"{count} recipients are selected now, which is more than a tenth above --yes={text}; nothing was changed");
        }
    }
}
