namespace Engine.Demo;

/// <summary>What the sessions of one receiver share.</summary>
internal sealed class ReceiverTally(RecipientDesk desk)
{
    private long _contents;
    private long _connections;

    public RecipientDesk Desk { get; } = desk;

    /// <summary>Messages that came whole, taken or not.</summary>
    public long Contents => Interlocked.Read(ref _contents);

    public long Connections => Interlocked.Read(ref _connections);

    /// <returns>The message's place in the row, from 1.</returns>
    public long CountContent() => Interlocked.Increment(ref _contents);

    public long CountConnection() => Interlocked.Increment(ref _connections);
}
