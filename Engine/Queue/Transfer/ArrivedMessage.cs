using System.Buffers;

namespace Engine.Queue.Transfer;

/// <summary>A message read from an export, whole and checked. Dispose it when nobody reads its octets any more.</summary>
internal sealed class ArrivedMessage(TransferredMessage message, ReadOnlySequence<byte> content, List<byte[]> rented) : IDisposable
{
    public TransferredMessage Message { get; } = message;

    public ReadOnlySequence<byte> Content { get; } = content;

    /// <summary>Octets of heads and content.</summary>
    public long Size => Content.Length + Message.Heads.Sum(static head => (long)head.Octets.Length);

    public void Dispose()
    {
        foreach (var octets in rented)
        {
            ArrayPool<byte>.Shared.Return(octets);
        }

        rented.Clear();
    }
}
