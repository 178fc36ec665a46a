using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Log messages of the gate: what is not worth an alert yet.</summary>
internal static partial class GateLog
{
    [LoggerMessage(LogLevel.Warning, "DNS contradicts {Domain}: {Reason}; {Then} when it stays so for {Grace}; 'engine domain check' says more.")]
    public static partial void Contradicted(ILogger log, DomainName domain, string reason, string then, TimeSpan grace);

    [LoggerMessage(LogLevel.Information, "DNS says again what {Domain} needs; no alert had been given.")]
    public static partial void Passed(ILogger log, DomainName domain);
}
