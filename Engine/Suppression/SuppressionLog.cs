namespace Engine.Suppression;

/// <summary>What the room tells the operator.</summary>
internal static partial class SuppressionLog
{
    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "Suppression list open: {Entries} entries in {Runs} runs, {Recent} replayed, key {Key:x16}")]
    public static partial void Opened(ILogger log, long entries, int runs, long recent, ulong key);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Error, Message = "The suppression list could not write a run; additions go on into the journal, and it is tried again")]
    public static partial void FlushFailed(ILogger log, Exception reason);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Error, Message = "The suppression list could not merge its runs; look-ups go on with what is there, and it is tried again")]
    public static partial void MergeFailed(ILogger log, Exception reason);
}
