using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine account ls | show | pause | resume</c>, <c>engine campaign ls | pause | resume</c>, <c>engine engagement import</c>: how senders stand.</summary>
internal static class SenderVerbs
{
    private static readonly string[] CampaignColumns = ["account", "campaign", "stream", "class", "delivered", "hard", "hardBounces", "complained", "complaints", "paused", "by", "since", "until", "reason"];

    /// <summary>Those of accounts but <c>passwd</c>.</summary>
    public static IEnumerable<Command> OfAccounts(SharedOptions common) => [ListAccounts(common), Show(common), ChangeAccount(common, "pause", "Hold its queued mail; new mail is taken and held"), ChangeAccount(common, "resume", "End its pause; what was counted against it is forgiven")];

    public static Command Campaigns(SharedOptions common)
    {
        var account = new Option<string?>("--account") { Description = "Of one account" };
        var list = new Command("ls", "Campaigns with their rates; paused ones first") { account };
        list.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var query = parsed.GetValue(account) is { } name ? $"?account={Uri.EscapeDataString(name)}" : string.Empty;
            new Output(parsed.GetValue(common.Json)).Rows((await client.GetAsync($"v1/campaigns{query}", stop).ConfigureAwait(false)).AsArray(), CampaignColumns);
            return ExitCode.Good;
        });
        return new Command("campaign", "Campaigns: what X-Engine-Campaign names")
        {
            list,
            ChangeCampaign(common, "pause", "Hold its queued mail; new mail is taken and held"),
            ChangeCampaign(common, "resume", "End its pause; what was counted against it is forgiven"),
        };
    }

    public static Command Engagement(SharedOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "CSV (address,kind,time,account) or JSON lines; '-' is standard input" };
        var import = new Command("import", "Say who opened or clicked: warm-up sends to them first") { file };
        import.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetValue(file)!;
            var content = name == "-" ? Console.OpenStandardInput() : File.Exists(name) ? File.OpenRead(name) : throw new CliError(ExitCode.Usage, $"there is no file {name}");
            await using (content.ConfigureAwait(false))
            {
                using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
                using var body = new StreamContent(content, 1 << 16);
                var result = await client.UploadAsync("v1/engagement", body, stop).ConfigureAwait(false);
                new Output(parsed.GetValue(common.Json)).Object(result);
                return result["refused"]!.GetValue<long>() == 0 ? ExitCode.Good : ExitCode.BadData;
            }
        });
        return new Command("engagement", "Opens and clicks, as your tracking tells them") { import };
    }

    private static Command ListAccounts(SharedOptions common)
    {
        var domains = new Option<bool>("--sender-domains") { Description = "Scores of sender domains instead" };
        var command = new Command("ls", "Every account: status, pauses, score, rates") { domains };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var output = new Output(parsed.GetValue(common.Json));
            if (parsed.GetValue(domains))
            {
                output.Rows((await client.GetAsync("v1/senders", stop).ConfigureAwait(false)).AsArray(), "name", "score", "samples", "judged", "stage", "reason");
                return ExitCode.Good;
            }

            output.Rows((await client.GetAsync("v1/accounts", stop).ConfigureAwait(false)).AsArray(), "account", "status", "paused", "by", "since", "until", "isolated", "score", "samples", "hardBounces", "complaints", "reason");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Show(SharedOptions common)
    {
        var name = Account();
        var command = new Command("show", "Its score with every share of it, and its campaigns") { name };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var answer = await client.GetAsync($"v1/accounts/show?name={Uri.EscapeDataString(parsed.GetValue(name)!)}", stop).ConfigureAwait(false);
            var output = new Output(parsed.GetValue(common.Json));
            if (output.IsJson)
            {
                output.Object(answer);
                return ExitCode.Good;
            }

            Output.Line($"{answer["account"]}: {answer["status"]}{(answer["paused"] is { } paused ? $", paused ({paused}) by {answer["by"]}: {answer["reason"]}" : string.Empty)}{(answer["isolated"] is { } pool ? $", isolated to {pool}" : string.Empty)}");
            Output.Line(answer["score"] is { } score ? $"score {score} over {answer["samples"]} recipients{(answer["judged"]!.GetValue<bool>() ? string.Empty : ", too few for consequences")}" : "no score: nothing was heard of it");
            output.Rows(answer["components"]!.AsArray(), "component", "points", "count", "of", "rate");
            output.Rows(answer["campaigns"]!.AsArray(), CampaignColumns);
            return ExitCode.Good;
        });
        return command;
    }

    private static Command ChangeAccount(SharedOptions common, string verb, string description) => Change(common, "accounts", verb, description, null);

    private static Command ChangeCampaign(SharedOptions common, string verb, string description) =>
        Change(common, "campaigns", verb, description, new Argument<string>("CAMPAIGN") { Description = "As its mail names it" });

    private static Command Change(SharedOptions common, string what, string verb, string description, Argument<string>? campaign)
    {
        var account = Account();
        var reason = new Option<string?>("--reason") { Description = "Why; recorded", HelpName = "TEXT" };
        var lasts = new Option<string?>("--for") { Description = "End by itself after, such as 2h" };
        var command = new Command(verb, description) { account };
        if (campaign is not null)
        {
            command.Arguments.Add(campaign);
        }

        command.Options.Add(reason);
        if (verb == "pause")
        {
            command.Options.Add(lasts);
        }

        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = new { account = parsed.GetValue(account), campaign = campaign is null ? null : parsed.GetValue(campaign), @for = verb == "pause" ? parsed.GetValue(lasts) : null, reason = parsed.GetValue(reason) };
            new Output(parsed.GetValue(common.Json)).Object(await client.PostAsync($"v1/{what}/{verb}", body, stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    private static Argument<string> Account() => new("ACCOUNT") { Description = "Key in accounts" };
}
