using System.Globalization;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Configuration.Shapes;
using Engine.Daemon;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>/v1/providers…</c>: how mail to one receiver fares, and operators' orders about it.</summary>
internal sealed class ProviderApi
{
    private const string None = "none";

    private readonly EngineHost _host;
    private readonly OperatorOrder _orders;
    private readonly SourceStandings _standings;

    private ProviderApi(EngineHost host) => (_host, _orders, _standings) = (host, new OperatorOrder(host), new SourceStandings(host));

    private EngineParts Parts => _host.Parts;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static void Map(IEndpointRouteBuilder routes, EngineHost host)
    {
        var api = new ProviderApi(host);
        routes.MapGet("/v1/providers/show", (string name) => api.Show(Resolve(host, name)));
        routes.MapPost("/v1/providers/pause", (SourceChange change) => Named(Resolve(host, change.Name), name => api._orders.Give(change, ProviderOverride.Pause(name), "true", "provider pause")));
        routes.MapPost("/v1/providers/resume", api.Resume);
        routes.MapPost("/v1/providers/set", (SourceChange change) => api.Set(change, Resolve(host, change.Name)));
    }

    /// <summary>The operator that a person means.</summary>
    /// <exception cref="BadRequestException">No provider is called so, and no destination of that name has mail or a history here.</exception>
    public static string Resolve(EngineHost host, string? text) => Find(host.Snapshot.Providers, Known(host), text ?? string.Empty) ?? throw new BadRequestException(
        $"'{text}' is no provider, and no destination of that name has mail or a history here: 'engine provider ls' lists the providers, 'engine route explain' names where a domain's mail goes");

    /// <summary>A provider by id, an operator that is known here, else a provider by host, domain or words of its name.</summary>
    /// <param name="book">Providers.</param>
    /// <param name="known">Names of destinations and operators, and whose rules hold for each.</param>
    /// <param name="text">What was written.</param>
    public static string? Find(ProviderBook book, IReadOnlyDictionary<string, string> known, string text)
    {
        text = text.Trim();
        if (book.Find(text.ToLowerInvariant()) is { } provider)
        {
            return provider.Id;
        }

        // A host or domain means itself: a word in it that some provider is called by says nothing.
        return known.TryGetValue(text, out var operatorId) ? operatorId
            : text.Length == 0 ? null
            : !text.Contains('.', StringComparison.Ordinal) ? ProviderNames.Find(book, text)?.Id
            : (book.OfExchanger(text) ?? (DomainName.TryParse(text, out var domain) ? book.OfDomain(domain) : null))?.Id;
    }

    private static Dictionary<string, string> Known(EngineHost host)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var report in host.Parts.Traffic.Control.DescribeAll(Now))
        {
            known.TryAdd(report.Key.Operator, report.Key.Operator);
        }

        foreach (var destination in host.Parts.Scheduler.Destinations)
        {
            known.TryAdd(destination.Operator, destination.Operator);
            known.TryAdd(destination.Name, destination.Operator);
        }

        return known;
    }

    private static JsonObject Named(string name, Func<string, JsonObject> order)
    {
        var answer = order(name);
        answer.Insert(0, "provider", name);
        return answer;
    }

    // What was ordered once can always be taken back, whoever has been forgotten meanwhile.
    private JsonObject Resume(SourceChange change)
    {
        var name = change.Name is { Length: > 0 } written ? written : throw new BadRequestException("name is missing");
        name = _host.Overrides.Find(ProviderOverride.Pause(name)) is null ? Find(_host.Snapshot.Providers, Known(_host), name) ?? name : name;
        return Named(name, one => _orders.TakeBack(change, "provider resume", ProviderOverride.Pause(one)));
    }

    private JsonObject Show(string name)
    {
        var reports = Parts.Traffic.Control.DescribeAll(Now).Where(report => report.Key.Operator == name).ToArray();
        var pause = Parts.Traffic.Helm.Orders.PauseOf(name);
        var open = new OpenLanes(Parts.Scheduler);
        var limits = Parts.LimitTree.All.Where(limit => Concerns(limit, name)).OrderBy(limit => limit.Name, StringComparer.Ordinal).ThenBy(limit => limit.Key, StringComparer.Ordinal);
        return new JsonObject
        {
            ["provider"] = name,
            ["verdict"] = pause is not null
                ? LimitRows.WordsOf(pause)
                : string.Create(CultureInfo.InvariantCulture, $"{open.Ready(name)} recipients are ready; {Binding(reports)}"),
            ["ready"] = open.Ready(name),
            ["paused"] = pause is not null,
            ["sources"] = new JsonArray([.. Parts.Sources.Sources.Select(source => (JsonNode)SourceApi.Row(_host, _standings, open, source, name))]),
            ["limits"] = new JsonArray([.. limits.Select(limit => (JsonNode)LimitRows.Row(limit, Parts.LimitTree))]),
            ["control"] = new JsonArray([.. reports.Select(report => (JsonNode)Row(report))]),
        };
    }

    private static string Binding(ControlReport[] reports) => reports.Where(report => report.Binding.Length > 0).ToArray() is { Length: > 0 } binding
        ? string.Create(CultureInfo.InvariantCulture, $"control holds {binding.Length} things back: {binding[0].Binding}")
        : "control holds nothing back";

    private static bool Concerns(Limit limit, string name) =>
        limit.Options.Match.GetValueOrDefault(LimitDimension.Provider) == name || limit.Key == name || limit.Key.EndsWith($" at {name}", StringComparison.Ordinal);

    private static JsonObject Row(ControlReport report) => new()
    {
        ["scope"] = Spelling.Of(report.Key.Scope),
        ["subject"] = report.Key.Subject,
        ["binding"] = report.Binding,
        ["rule"] = report.Allowance.Rule,
        ["since"] = report.Allowance.Since,
        ["until"] = report.Until,
        ["refusedRate"] = report.RefusedRate > 0 ? Math.Round(report.RefusedRate, 3) : null,
        ["refusedConnections"] = report.RefusedConnections > 0 ? report.RefusedConnections : null,
    };

    private JsonObject Set(SourceChange change, string name)
    {
        if (change.Rate is null && change.Connections is null)
        {
            throw new BadRequestException("say --rate, --connections or both");
        }

        var answer = new JsonObject { ["provider"] = name };
        foreach (var (key, value, word) in (ReadOnlySpan<(string, string?, string)>)[(ProviderOverride.Rate(name), change.Rate, "rate"), (ProviderOverride.Connections(name), change.Connections, "connections")])
        {
            if (value is not null)
            {
                answer[word] = value == None ? _orders.TakeBack(change, "provider set", key)["removed"]!.DeepClone() : _orders.Give(change, key, value, "provider set")["value"]!.DeepClone();
            }
        }

        return answer;
    }
}
