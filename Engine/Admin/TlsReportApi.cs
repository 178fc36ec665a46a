using System.Text.Json.Nodes;
using Engine.Mail;
using Engine.Reports.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Engine.Admin;

/// <summary><c>GET /v1/tlsrpt</c>: what is counted for TLS reports; <c>/v1/tlsrpt/DOMAIN</c>: its report as far as the day has come.</summary>
internal static class TlsReportApi
{
    public const int MostRows = 10_000;

    /// <param name="routes">Of the admin interface.</param>
    /// <param name="book">The running engine's.</param>
    /// <param name="terms">By the configuration in force.</param>
    public static void Map(IEndpointRouteBuilder routes, TlsReportBook book, Func<TlsReportTerms> terms)
    {
        routes.MapGet("/v1/tlsrpt", () => Rows(book));
        routes.MapGet("/v1/tlsrpt/{domain}", (string domain) => Show(book, terms(), domain));
    }

    // Most failures first.
    private static JsonArray Rows(TlsReportBook book) => new([.. book.Days
        .SelectMany(day => day.Domains.Select(domain => (day.Date, Domain: domain, Policies: day.CountsOf(domain))))
        .Select(one => (one.Date, one.Domain, one.Policies, Failed: one.Policies.Sum(policy => policy.Failed)))
        .OrderByDescending(one => one.Date).ThenByDescending(one => one.Failed).ThenBy(one => one.Domain.Name, StringComparer.Ordinal)
        .Take(MostRows)
        .Select(one => (JsonNode)new JsonObject
        {
            ["day"] = one.Date.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["domain"] = one.Domain.Name,
            ["policies"] = string.Join(' ', one.Policies.Select(policy => TlsReportWriter.PolicyType(policy.Kind)).Distinct()),
            ["successful"] = one.Policies.Sum(policy => policy.Succeeded),
            ["failed"] = one.Failed,
            ["failures"] = string.Join(' ', one.Policies.SelectMany(policy => policy.Failures).Select(failure => TlsReportWriter.ResultType(failure.Detail.Failure)).Distinct()),
        })]);

    private static IResult Show(TlsReportBook book, TlsReportTerms terms, string text)
    {
        if (!DomainName.TryParse(text, out var domain))
        {
            throw new BadRequestException($"'{text}' is not a domain name");
        }

        return book.Find(book.Today)?.CountsOf(domain) is { Count: > 0 } policies
            ? Results.Bytes(TlsReportWriter.Write(new TlsReportName(book.Today, domain, terms.From.Domain, terms.Node), terms, policies), "application/json")
            : Results.Text($"nothing was counted for {domain} today", statusCode: StatusCodes.Status404NotFound);
    }
}
