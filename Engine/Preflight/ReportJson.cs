using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Preflight.Gate;
using Engine.Preflight.Spf;

namespace Engine.Preflight;

/// <summary>Reports as programs read them: the fields are told in the readme of <c>Cli</c>.</summary>
internal static class ReportJson
{
    /// <param name="report">What was found.</param>
    /// <param name="terms">How the domain is verified.</param>
    /// <param name="standing">How it stands with the gate; null where nobody knows.</param>
    /// <param name="isInDoubt">Nobody is paused for now.</param>
    public static JsonObject Of(DomainReport report, VerifyOptions terms, DomainStanding? standing, bool isInDoubt) => new()
    {
        ["domain"] = report.Domain.Name,
        ["result"] = ResultOf(report.Findings),
        ["verify"] = new JsonObject
        {
            ["level"] = terms.Level.ToString().ToLowerInvariant(),
            ["graceSeconds"] = terms.Grace.TotalSeconds,
            ["state"] = standing is null ? null : GateMeter.WordOf(standing),
            ["since"] = standing?.Since,
            ["observedSeconds"] = standing?.Since is null ? null : Math.Round(standing.Observed.TotalSeconds),
            ["gate"] = GateOf(report, terms, standing, isInDoubt),
        },
        ["findings"] = Of(report.Findings),
        ["publish"] = new JsonArray([.. report.Findings.Select(finding => finding.Publish).OfType<string>().Distinct(StringComparer.Ordinal).Select(line => (JsonNode)line)]),
        ["spfCost"] = report.Cost is null ? null : Of(report.Cost),
        ["questions"] = report.Questions,
    };

    public static JsonArray Of(IReadOnlyList<DomainFinding> findings) => new([.. findings.Select(finding => (JsonNode)new JsonObject
    {
        ["topic"] = finding.Topic is CheckTopic.ReturnPath ? "returnPath" : finding.Topic.ToString().ToLowerInvariant(),
        ["state"] = finding.State.ToString().ToLowerInvariant(),
        ["required"] = finding.IsRequired,
        ["subject"] = finding.Subject,
        ["found"] = finding.Found,
        ["wanted"] = finding.Wanted,
        ["publish"] = finding.Publish,
    })]);

    /// <summary>A row of <c>domain ls</c>.</summary>
    public static JsonObject Row(DomainStanding standing, VerifyOptions terms) => new()
    {
        ["domain"] = standing.Domain.Name,
        ["state"] = GateMeter.WordOf(standing),
        ["level"] = terms.Level.ToString().ToLowerInvariant(),
        ["since"] = standing.Since,
        ["observedSeconds"] = Math.Round(standing.Observed.TotalSeconds),
        ["checked"] = standing.Checked,
        ["reason"] = standing.Reason,
    };

    /// <summary><c>wrong</c>: something required is; else <c>unknown</c>: something required could not be asked; else <c>good</c>.</summary>
    public static string ResultOf(IReadOnlyList<DomainFinding> findings) =>
        findings.Any(finding => finding is { IsRequired: true, State: FindingState.Wrong }) ? "wrong"
        : findings.Any(finding => finding is { IsRequired: true, State: FindingState.Unknown }) ? "unknown"
        : "good";

    private static JsonObject Of(SpfCost cost) => new()
    {
        ["term"] = cost.Term,
        ["domain"] = cost.Domain.Length > 0 ? cost.Domain : null,
        ["lookups"] = cost.Total,
        ["note"] = cost.Note,
        ["parts"] = new JsonArray([.. cost.Parts.Select(part => (JsonNode)Of(part))]),
    };

    private static string GateOf(DomainReport report, VerifyOptions terms, DomainStanding? standing, bool isInDoubt) => terms.Level switch
    {
        VerifyLevel.Off => "nothing is held: verify.level is off",
        VerifyLevel.Advise => "alerts only: verify.level is advise",
        _ when standing is { IsPaused: true } => $"paused: submission answers 451, queued mail is held ({standing.Reason})",
        _ when report.Evidence is not GateEvidence.Contradiction => "open",
        _ when isInDoubt => "open: most domains contradict at once, which is us or the resolver",
        _ => $"open; paused when DNS has contradicted for {terms.Grace:g}, {(standing?.Observed ?? TimeSpan.Zero):g} of which are seen",
    };
}
