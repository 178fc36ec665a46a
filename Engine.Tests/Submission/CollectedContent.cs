using System.Buffers;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Submission;

/// <summary>Keeps the pieces of a large content, as the queue's log would.</summary>
internal sealed class CollectedContent(MessageId id, CollectingStore store) : IIncomingContent
{
    public MessageId Id => id;

    public List<byte> Octets { get; } = [];

    /// <summary>Octets of each append.</summary>
    public List<long> Pieces { get; } = [];

    public bool IsDisposed { get; private set; }

    public long Length => Octets.Count;

    public ValueTask AppendAsync(ReadOnlySequence<byte> octets, CancellationToken stop)
    {
        if (store.RefusesPieces is { } why)
        {
            throw new IntakeRefusedException(why);
        }

        Assert.That(IsDisposed, Is.False);
        Pieces.Add(octets.Length);
        Octets.AddRange(octets.ToArray());
        return ValueTask.CompletedTask;
    }

    public void Dispose() => IsDisposed = true;
}
