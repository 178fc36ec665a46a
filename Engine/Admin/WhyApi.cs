using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/why</c>: what binds now, since when, by which rule, until when.</summary>
internal sealed class WhyApi
{
    private const int MostRecipients = 20;

    private readonly EngineHost _host;
    private readonly WayAnswer _ways;

    private WhyApi(EngineHost host) => (_host, _ways) = (host, new WayAnswer(host));

    private EngineParts Parts => _host.Parts;

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new WhyApi(host);
        routes.MapGet("/v1/why", (string subject, CancellationToken stop) => api.WhyAsync(subject, stop));
    }

    private async Task<JsonObject> WhyAsync(string subject, CancellationToken stop)
    {
        var answers = new JsonArray();
        if (MessageId.TryParse(subject, out var id))
        {
            await foreach (var view in _host.Queue.Operators.FindAsync(RecipientSelector.All with { Ids = [id], Limit = MostRecipients }, stop).ConfigureAwait(false))
            {
                answers.Add(await WhyAsync(view, stop).ConfigureAwait(false));
            }

            return answers.Count > 0 ? new JsonObject { ["answers"] = answers } : throw new BadRequestException($"{id} is not queued; 'engine trace {id}' tells what became of it");
        }

        if (!DomainName.TryParse(subject, out var domain))
        {
            throw new BadRequestException($"'{subject}' is neither a message id nor a domain");
        }

        var decision = await Parts.Router.RouteAsync(domain, stop).ConfigureAwait(false);
        foreach (var pool in Parts.Sources.Pools)
        {
            answers.Add(_ways.Of($"{domain} by pool {pool.Name}", decision, pool, null, domain));
        }

        return new JsonObject { ["answers"] = answers };
    }

    private async Task<JsonObject> WhyAsync(QueuedView view, CancellationToken stop)
    {
        var recipient = view.Recipient;
        var what = $"{recipient.Id} to {view.Address}";
        if (recipient.State is RecipientState.InFlight)
        {
            return Say(what, "is being sent now");
        }

        if (recipient.State is RecipientState.Held)
        {
            return Say(what, "is held by an operator: 'engine queue release'");
        }

        if (_host.Snapshot.Options.Delivery.Mode is DeliveryMode.Hold)
        {
            return Say(what, "waits: delivery.mode is hold");
        }

        if (Parts.Sources.PoolFor(view.Flow.Pool, view.Flow.Class, view.Flow.Account) is not { } pool)
        {
            return Say(what, "waits for a pool that its account and class may use");
        }

        var pauses = PauseTable.Reasons(_host.Snapshot, _host.Overrides.List(), view.Flow, pool.Name, Parts.Domains.Gate.Find(view.Flow.SenderDomain));
        if (pauses.Count > 0)
        {
            return Paused(what, pauses);
        }

        var answer = _ways.Of(what, await Parts.Router.RouteAsync(view.Domain, stop).ConfigureAwait(false), pool, view.Flow, view.Domain);
        if (recipient.State is RecipientState.Waiting && recipient.Due > TimeProvider.System.GetUtcNow())
        {
            var waits = recipient.Attempts > 0 ? WhyWords.Deferred(recipient, $"{view.Last?.Deferral.Code} {view.Last?.Deferral.Text}") : $"waits until {recipient.Due:u}";
            answer["verdict"] = string.Join("; ", [waits, .. WhyWords.Relays(_host.Snapshot.Options.Relays, view.Flow.Class, recipient), $"then: {answer["verdict"]}"]);
        }

        return answer;
    }

    private static JsonObject Say(string what, string verdict) => new() { ["what"] = what, ["verdict"] = verdict };

    private static JsonObject Paused(string what, IReadOnlyList<PauseReason> pauses)
    {
        var answer = Say(what, WhyWords.Paused(pauses));
        answer["pauses"] = new JsonArray([.. pauses.Select(one => (JsonNode)new JsonObject { ["key"] = one.Key, ["who"] = one.Who, ["since"] = one.Since, ["until"] = one.Until, ["reason"] = one.Reason })]);
        return answer;
    }
}
