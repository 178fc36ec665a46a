namespace Engine.Queue.Spool;

/// <summary>Gives back disk that dead mail takes, now and not when the queue would by itself. <c>spool compact</c> asks it.</summary>
internal interface ICompaction
{
    /// <summary>Completes when the files that could go are gone.</summary>
    Task<CompactionResult> CompactAsync(CancellationToken stop);
}
