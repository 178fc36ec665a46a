using System.Buffers;

namespace Engine.Queue;

/// <summary>
/// Content that is written while it still comes in. It is nobody's until it is accepted as the beginning of a message
/// (<see cref="NewMessage.Before"/>); disposed before that, it is as if it had never been. One user at a time.
/// </summary>
internal interface IIncomingContent : IDisposable
{
    /// <summary>Octets appended.</summary>
    long Length { get; }

    /// <summary>Appends the next octets. Waits while too much is uncommitted.</summary>
    /// <param name="octets">Borrowed until the task completes.</param>
    /// <param name="stop">Ends the wait; then the content can only be disposed of.</param>
    /// <exception cref="IntakeRefusedException">The disk is full or has failed: answer 452 4.3.1.</exception>
    ValueTask AppendAsync(ReadOnlySequence<byte> octets, CancellationToken stop);
}
