using System.Text.Json.Nodes;
using Engine.Daemon;
using Engine.Delivery;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Reputation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/providers/probe</c>: dry SMTP with the exchangers of a domain, up to EHLO within TLS. No mail is sent.</summary>
internal static class ProbeApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void Map(IEndpointRouteBuilder routes, EngineHost host) =>
        routes.MapGet("/v1/providers/probe", (string domain, string? source, CancellationToken stop) => ProbeAsync(host, domain, source, stop));

    private static async Task<JsonObject> ProbeAsync(EngineHost host, string text, string? sourceName, CancellationToken stop)
    {
        if (!DomainName.TryParse(text, out var domain))
        {
            throw new BadRequestException($"'{text}' is not a domain name");
        }

        var source = SourceOf(host, sourceName);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            var decision = await host.Parts.Router.RouteAsync(domain, limit.Token).ConfigureAwait(false);
            var hosts = decision.Destination is { } destination
                ? await new ExchangerProbe(host.Parts.Needs, TimeProvider.System).ProbeAsync(domain, destination, source, limit.Token).ConfigureAwait(false)
                : [];
            return new JsonObject
            {
                ["domain"] = domain.Name,
                ["source"] = source.Name,
                ["verdict"] = decision.Destination is null ? decision.Text : VerdictOf(hosts),
                ["mxAuthentic"] = decision.Destination?.Tls.IsMxAuthentic ?? false,
                ["hosts"] = new JsonArray([.. hosts.Select(one => (JsonNode)Row(one))]),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new BadRequestException($"the exchangers of {domain} did not answer within {Limit.TotalSeconds:0} s");
        }
    }

    private static Source SourceOf(EngineHost host, string? name) => name is { Length: > 0 }
        ? SourceApi.Find(host, name)
        : host.Parts.Sources.Sources.OrderBy(source => source.Name, StringComparer.Ordinal).First();

    private static string VerdictOf(IReadOnlyList<ProbedHost> hosts) => hosts.Count(one => one.IsUsable) switch
    {
        0 => "mail would wait: no host can be used",
        var usable when usable == hosts.Count => "mail would go",
        var usable => $"mail would go: {usable} of {hosts.Count} addresses can be used",
    };

    private static JsonObject Row(ProbedHost one) => new()
    {
        ["preference"] = one.Preference,
        ["host"] = one.Host,
        ["address"] = one.Address?.ToString(),
        ["greeting"] = one.PeerName,
        ["offers"] = one.Offers is Extensions.None ? null : one.Offers.ToString(),
        ["tls"] = one.Tls?.Version,
        ["cipher"] = one.Tls?.Cipher,
        ["names"] = one.Certificate is { } names ? new JsonArray([.. names.Names.Select(static name => (JsonNode)name)]) : null,
        ["issuer"] = one.Certificate?.Issuer,
        ["from"] = one.Certificate?.From,
        ["until"] = one.Certificate?.Until,
        [ProofWords.Of(TlsProof.Pkix)] = one.Certificate is { } shown ? shown.Pkix.Length == 0 ? "holds" : shown.Pkix : null,
        [ProofWords.Of(TlsProof.Dane)] = one.Dane,
        [ProofWords.Of(TlsProof.Sts)] = one.Sts,
        ["usable"] = one.IsUsable,
        ["verdict"] = one.Verdict,
    };
}
