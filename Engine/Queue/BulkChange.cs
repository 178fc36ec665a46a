namespace Engine.Queue;

/// <summary>An order that stands.</summary>
/// <param name="affected">Whom it changed; whole when <paramref name="done"/> is. The caller disposes it.</param>
/// <param name="done">It has come to all.</param>
internal sealed class BulkChange(AffectedRecipients affected, Task done)
{
    /// <summary>Completes when the order has come to all. Whoever takes the result disposes of it.</summary>
    public async Task<AffectedRecipients> WaitAsync()
    {
        await done;
        return affected;
    }
}
