using Engine.Mail;
using Engine.Preflight.Spf;

namespace Engine.Preflight;

/// <summary>All that was found about a domain.</summary>
/// <param name="Domain">The sender domain.</param>
/// <param name="Findings">In the order of the checks.</param>
/// <param name="Questions">DNS questions asked.</param>
internal sealed record DomainReport(DomainName Domain, IReadOnlyList<DomainFinding> Findings, int Questions)
{
    /// <summary>What SPF of the return path costs, term by term; null where there is no record.</summary>
    public SpfCost? Cost { get; init; }

    /// <summary>A contradiction counts also where something else could not be asked.</summary>
    public GateEvidence Evidence =>
        Findings.Any(finding => finding is { IsRequired: true, State: FindingState.Wrong }) ? GateEvidence.Contradiction
        : Findings.Any(finding => finding is { IsRequired: true, State: FindingState.Unknown }) ? GateEvidence.Unknown
        : GateEvidence.Good;

    /// <summary>The first thing that is wrong, in words; empty where nothing is.</summary>
    public string Reason => Findings.FirstOrDefault(finding => finding is { IsRequired: true, State: FindingState.Wrong }) is { } wrong ? $"{wrong.Subject}: {wrong.Found}" : string.Empty;
}
