using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>Log messages of rotation.</summary>
internal static partial class RotationLog
{
    [LoggerMessage(LogLevel.Warning, "DKIM rotation of {Domain} failed and is tried again in a minute.")]
    public static partial void StepFailed(ILogger log, DomainName domain, Exception fault);
}
