using System.Buffers;
using System.Threading.Channels;

namespace Engine.Demo;

/// <summary>Verifies signatures of messages taken, beside the receivers and not in their way.</summary>
/// <remarks>Contents wait in copies of their own. When too many wait, receivers wait too, so memory stays bounded.</remarks>
internal sealed class SignatureCheck : IAsyncDisposable
{
    private const int MaxWaiting = 2_048;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(MaxWaiting);
    private readonly Func<ReadOnlyMemory<byte>, bool> _verify;
    private readonly Ledger _ledger;
    private readonly Task[] _workers;

    /// <param name="verify">Whether every signature of a message holds, and there is at least one. Called from several threads.</param>
    /// <param name="ledger">Is told the verdicts.</param>
    /// <param name="workers">Threads used at most.</param>
    public SignatureCheck(Func<ReadOnlyMemory<byte>, bool> verify, Ledger ledger, int workers = 1)
    {
        (_verify, _ledger) = (verify, ledger);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <param name="mail">Its content is copied.</param>
    /// <param name="stop">Ends the waiting for room.</param>
    public ValueTask AddAsync(Reception mail, CancellationToken stop)
    {
        var octets = ArrayPool<byte>.Shared.Rent(mail.Content.Length);
        mail.Content.CopyTo(octets);
        return _waiting.Writer.WriteAsync(new Waiting(mail.Number, octets, mail.Content.Length), stop);
    }

    /// <summary>Takes no more and waits until all are verified.</summary>
    public async Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync() => await CompleteAsync();

    private async Task WorkAsync()
    {
        await foreach (var (number, octets, length) in _waiting.Reader.ReadAllAsync())
        {
            _ledger.Verify(number, _verify(octets.AsMemory(0, length)));
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    private readonly record struct Waiting(long Number, byte[] Octets, int Length);
}
