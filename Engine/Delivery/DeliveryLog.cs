using Engine.Mail;

namespace Engine.Delivery;

/// <summary>Log messages of the room.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(EventId = 4_001, Level = LogLevel.Error, Message = "Slot {Slot} could not be dispatched; looked at again in 30 s")]
    public static partial void NotDispatched(ILogger log, int slot, Exception fault);

    [LoggerMessage(EventId = 4_002, Level = LogLevel.Error, Message = "{Domain} could not be routed; looked at again in 30 s")]
    public static partial void NotRouted(ILogger log, DomainName domain, Exception fault);

    [LoggerMessage(EventId = 4_006, Level = LogLevel.Warning, Message = "{Recipients} recipients of {Domain} wait: {Reason}. Is the resolver of dns.servers up? No attempt is counted")]
    public static partial void RouteUnknown(ILogger log, DomainName domain, int recipients, string reason);

    [LoggerMessage(EventId = 4_003, Level = LogLevel.Error, Message = "The message of slot {Slot}, or the suppression list for its recipients, could not be read; they wait a minute")]
    public static partial void NotRead(ILogger log, int slot, Exception fault);

    [LoggerMessage(EventId = 4_007, Level = LogLevel.Error, Message = "Message {Id} could not be read to its end, and was not sent: {Fault}")]
    public static partial void NotReadOn(ILogger log, MessageId id, string fault);

    [LoggerMessage(EventId = 4_004, Level = LogLevel.Error, Message = "A worker of {Source} to {Destination} failed")]
    public static partial void WorkerFailed(ILogger log, string source, string destination, Exception fault);

    [LoggerMessage(EventId = 4_005, Level = LogLevel.Warning, Message = "{Source} to {Destination}: paused for {Pause}: {Trouble}")]
    public static partial void LanePaused(ILogger log, string source, string destination, TimeSpan pause, string trouble);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Error, Message = "The resolver says of most domains that they do not exist: nobody is bounced for it until that is over")]
    public static partial void ResolverDoubted(ILogger log);
}
