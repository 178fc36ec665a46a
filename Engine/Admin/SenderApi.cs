using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation.Brakes;
using Engine.Reputation.Score;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/accounts…</c>, <c>/v1/campaigns…</c>, <c>/v1/engagement</c>: how senders stand, their pauses, and what readers did.</summary>
/// <param name="current">The configuration.</param>
/// <param name="overrides">Where pauses go.</param>
/// <param name="events">Told of operators' orders.</param>
/// <param name="parts">Brakes, score, engagement.</param>
/// <param name="clock">The time.</param>
internal sealed class SenderApi(CurrentSnapshot current, Overrides overrides, IEvents events, SenderParts parts, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/accounts", Accounts);
        routes.MapGet("/v1/accounts/show", (string name) => Show(name));
        routes.MapPost("/v1/accounts/pause", (SenderChange change) => Pause(change, OverrideKey.PauseAccount(AccountOf(change)), "account pause"));
        routes.MapPost("/v1/accounts/resume", (SenderChange change) => Resume(change, OverrideKey.PauseAccount(AccountOf(change)), "account resume"));
        routes.MapGet("/v1/campaigns", (string? account) => Campaigns(account));
        routes.MapPost("/v1/campaigns/pause", (SenderChange change) => Pause(change, CampaignOf(change), "campaign pause"));
        routes.MapPost("/v1/campaigns/resume", (SenderChange change) => Resume(change, CampaignOf(change), "campaign resume"));
        routes.MapGet("/v1/senders", () => Scores(ScoreKind.SenderDomain));
        routes.MapPost("/v1/engagement", (HttpContext context, CancellationToken stop) => EngageAsync(context, stop));
    }

    private static JsonObject Row(ScoreReport report) => new()
    {
        ["name"] = report.Subject.Name,
        ["score"] = report.Score,
        ["samples"] = report.Samples,
        ["judged"] = report.IsJudged,
        ["stage"] = Spelling.Of(report.Stage),
        ["reason"] = report.Reason,
    };

    private static JsonObject Row(ScoreComponent component) => new()
    {
        ["component"] = component.Name,
        ["points"] = Math.Round(component.Points, 1),
        ["count"] = Math.Round(component.Count, 1),
        ["of"] = component.Of,
        ["rate"] = Math.Round(component.Rate, 5),
    };

    private JsonArray Scores(ScoreKind kind) => new([.. parts.Watch.Scores(kind, clock.GetUtcNow()).Select(report => (JsonNode)Row(report))]);

    private JsonArray Accounts()
    {
        var now = clock.GetUtcNow();
        var brakes = parts.Watch.Brakes(now).Where(report => report.Subject.Kind is BrakeSubjectKind.Account).ToLookup(report => report.Subject.Account, StringComparer.Ordinal);
        return new JsonArray([.. current.Value.Accounts.Select(account => (JsonNode)Row(account.Key, account.Value, brakes[account.Key], now))]);
    }

    private JsonObject Row(string name, AccountOptions options, IEnumerable<BrakeReport> brakes, DateTimeOffset now)
    {
        var pause = overrides.Find(OverrideKey.PauseAccount(name));
        var score = parts.Watch.ScoreOf(new ScoreSubject(ScoreKind.Account, name), now);
        var marketing = brakes.FirstOrDefault(report => report.Subject.Class is StreamClass.Marketing);
        return new JsonObject
        {
            ["account"] = name,
            ["status"] = current.Value.BrokenAccounts.Contains(name) ? "broken" : Spelling.Of(options.Status),
            ["paused"] = pause?.Value switch { null => null, "true" => "all", var streamClass => streamClass },
            ["by"] = pause?.Who,
            ["since"] = pause?.Since,
            ["until"] = pause?.Until,
            ["reason"] = pause?.Reason,
            ["isolated"] = overrides.Find(OverrideKey.IsolateAccount(name))?.Value,
            ["score"] = score?.Score,
            ["samples"] = score?.Samples,
            ["delivered"] = marketing.Delivered,
            ["hardBounces"] = Math.Round(marketing.HardRate, 5),
            ["complaints"] = Math.Round(marketing.ComplaintRate, 6),
        };
    }

    private JsonObject Show(string name)
    {
        var now = clock.GetUtcNow();
        var options = current.Value.AccountOf(name) ?? throw new BadRequestException($"there is no account '{name}'");
        var brakes = parts.Watch.Brakes(now).Where(report => report.Subject.Account == name).ToList();
        var answer = Row(name, options, brakes.Where(report => report.Subject.Kind is BrakeSubjectKind.Account), now);
        var score = parts.Watch.ScoreOf(new ScoreSubject(ScoreKind.Account, name), now);
        answer["stage"] = score is null ? null : Spelling.Of(score.Stage);
        answer["judged"] = score?.IsJudged;
        answer["components"] = new JsonArray([.. (score?.Components ?? []).Select(component => (JsonNode)Row(component))]);
        answer["campaigns"] = Campaigns(name);
        return answer;
    }

    // What is paused, also when nothing was heard of it; then the busiest.
    private JsonArray Campaigns(string? account)
    {
        const int Shown = 1_000;
        var reports = parts.Watch.Brakes(clock.GetUtcNow())
            .Where(report => report.Subject.Kind is not BrakeSubjectKind.Account && (account is null || report.Subject.Account == account))
            .ToDictionary(report => KeyOf(report.Subject), StringComparer.Ordinal);
        var prefix = OverrideKey.PauseCampaign(account ?? string.Empty, string.Empty)[..^(account is null ? 1 : 0)];
        var paused = overrides.List().Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal) || reports.ContainsKey(one.Key)).ToDictionary(one => one.Key, StringComparer.Ordinal);
        var silent = paused.Values.Where(one => !reports.ContainsKey(one.Key)).Select(one => Silent(one.Key));
        var rows = silent.Concat(reports.Values).OrderByDescending(report => paused.ContainsKey(KeyOf(report.Subject))).ThenByDescending(report => report.Delivered).Take(Shown);
        return new JsonArray([.. rows.Select(report => (JsonNode)Row(report, paused.GetValueOrDefault(KeyOf(report.Subject))))]);
    }

    private static JsonObject Row(BrakeReport report, Override? pause) => new()
    {
        ["account"] = report.Subject.Account,
        ["campaign"] = report.Subject.Kind is BrakeSubjectKind.Campaign ? report.Subject.Name : null,
        ["stream"] = report.Subject.Kind is BrakeSubjectKind.Stream ? report.Subject.Name : null,
        ["class"] = Spelling.Of(report.Subject.Class),
        ["delivered"] = report.Delivered,
        ["hard"] = report.Hard,
        ["hardBounces"] = Math.Round(report.HardRate, 5),
        ["complained"] = report.Complaints,
        ["complaints"] = Math.Round(report.ComplaintRate, 6),
        ["paused"] = pause is not null,
        ["by"] = pause?.Who,
        ["since"] = pause?.Since,
        ["until"] = pause?.Until,
        ["reason"] = pause?.Reason,
    };

    private static string KeyOf(in BrakeSubject subject) =>
        subject.Kind is BrakeSubjectKind.Campaign ? OverrideKey.PauseCampaign(subject.Account, subject.Name) : OverrideKey.PauseStream(subject.Account, subject.Name);

    private static BrakeReport Silent(string key)
    {
        var names = key[OverrideKey.PauseCampaign(string.Empty, string.Empty)[..^1].Length..].Split('/', 2);
        return new BrakeReport(new BrakeSubject(names[0], BrakeSubjectKind.Campaign, names[1], StreamClass.Marketing), 0, 0, 0, 0, BrakeLevel.None);
    }

    private string AccountOf(SenderChange change) =>
        change.Account is { } name && current.Value.AccountOf(name) is not null ? name : throw new BadRequestException($"there is no account '{change.Account}'");

    private string CampaignOf(SenderChange change)
    {
        var key = OverrideKey.PauseCampaign(AccountOf(change), change.Campaign ?? throw new BadRequestException("the campaign is missing"));
        return OverrideKey.IsKnown(key) ? key : throw new BadRequestException($"'{change.Campaign}' is no name of a campaign: up to 128 printable ASCII characters without blanks");
    }

    private JsonObject Pause(SenderChange change, string key, string verb)
    {
        var lasts = change.For is { } text ? SelectorReader.SpanOf("for", text) : (TimeSpan?)null;
        var one = overrides.Add(key, "true", AdminEvents.Operator, change.Reason ?? string.Empty, lasts);
        Tell(verb, key, change.Reason);
        return new JsonObject { ["key"] = one.Key, ["since"] = one.Since, ["until"] = one.Until };
    }

    private JsonObject Resume(SenderChange change, string key, string verb)
    {
        var removed = overrides.Remove(key);
        if (removed)
        {
            Tell(verb, key, change.Reason);
        }

        return new JsonObject { ["key"] = key, ["removed"] = removed };
    }

    private async Task<JsonObject> EngageAsync(HttpContext context, CancellationToken stop)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        var tally = await parts.Imports.TakeAsync(context.Request.Body, stop).ConfigureAwait(false);
        return new JsonObject { ["taken"] = tally.Taken, ["refused"] = tally.Refused, ["first"] = tally.First, ["known"] = parts.Engagement.Count };
    }

    private void Tell(string verb, string selector, string? reason) => events.TellAdmin(clock.GetUtcNow(), verb, selector, reason);
}
