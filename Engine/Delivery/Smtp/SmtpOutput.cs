using System.Buffers;
using System.Runtime.CompilerServices;
using Engine.Queue;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>Puts messages on the wire, a buffer at a time. Knows nothing of replies, but that none may be there when it is our turn.</summary>
/// <param name="wire">Not owned.</param>
/// <param name="offer">What the server offers.</param>
/// <param name="limit">For one write.</param>
internal sealed class SmtpOutput(SmtpWire wire, EhloOffer offer, TimeSpan limit)
{
    // Rented for one write at a time, so that a session that waits holds none.
    private const int BufferLength = 65_536;

    /// <summary>Sends the next commands of the envelope, as many as one buffer holds.</summary>
    /// <param name="transit">The message.</param>
    /// <param name="most">Commands in one go: 1 without PIPELINING.</param>
    /// <param name="stop">Throws when cancelled.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Sent> SendEnvelopeAsync(Transit transit, int most, CancellationToken stop)
    {
        if (!wire.IsDrained)
        {
            return new Sent(SentKind.Early);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var length = Compose(buffer, transit, most);
            return length == 0
                ? new Sent(SentKind.Unclean)
                : Sent.Of(await wire.SendAsync(buffer.AsMemory(0, length), limit, stop).ConfigureAwait(false));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends the content and its end.</summary>
    /// <param name="transit">The message.</param>
    /// <param name="next">The message whose envelope is to ride behind; null for none.</param>
    /// <param name="stop">Throws when cancelled.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Sent> SendContentAsync(Transit transit, Transit? next, CancellationToken stop)
    {
        transit.ExpectContentReply();

        // DATA has a 354 between the envelope and the content, which shows replies out of step. BDAT has not: look into the socket too.
        if (!(transit.IsChunked ? wire.IsQuiet : wire.IsDrained))
        {
            return new Sent(SentKind.Early);
        }

        var content = new ContentWriter(transit.Job, transit.IsChunked);
        var isFirst = true;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (true)
            {
                if (Fill(ref content, transit, buffer, out var length) is { } fault)
                {
                    return new Sent(SentKind.Unreadable) { Remark = fault };
                }

                if (content.IsUnclean)
                {
                    return new Sent(SentKind.Unclean);
                }

                // A server that has said something meanwhile has stopped listening; its words are no answer to an end it has not seen.
                if (!isFirst && !wire.IsQuiet)
                {
                    return new Sent(SentKind.Early);
                }

                if (content.IsDone)
                {
                    return await SendEndAsync(buffer, length, transit, next, stop).ConfigureAwait(false);
                }

                var lost = await wire.SendAsync(buffer.AsMemory(0, length), limit, stop).ConfigureAwait(false);
                if (lost is not WireFault.None)
                {
                    return Sent.Of(lost);
                }

                isFirst = false;
            }
        }
        finally
        {
            // The answer may take minutes: nothing of a large content is held until then.
            transit.Job.Content.Pieces?.Release();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends a DATA that was opened for nobody.</summary>
    public async ValueTask<Sent> SendLoneDotAsync(Transit transit, CancellationToken stop)
    {
        transit.ExpectContentReply();
        return wire.IsDrained
            ? Sent.Of(await wire.SendAsync(".\r\n"u8.ToArray(), limit, stop).ConfigureAwait(false))
            : new Sent(SentKind.Early);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Sent> SendEndAsync(byte[] buffer, int length, Transit transit, Transit? next, CancellationToken stop)
    {
        var glued = next?.Glue(buffer.AsSpan(length), offer) ?? 0;

        // With an envelope behind it the end may go out even though the write fails as a whole.
        transit.IsContentOut = glued > 0;
        var sent = Sent.Of(await wire.SendAsync(buffer.AsMemory(0, length + glued), limit, stop).ConfigureAwait(false));
        transit.IsContentOut |= sent.Kind is SentKind.Sent;
        return sent;
    }

    // Fills the buffer, reading pieces of a large content as they are wanted; says why when one cannot be read.
    private static string? Fill(ref ContentWriter content, Transit transit, Span<byte> buffer, out int length)
    {
        length = content.Fill(buffer);
        while (content.WantsPiece)
        {
            try
            {
                content.Take(transit.Job.Content.Pieces!.Read(content.PiecesTaken));
            }
            catch (Exception fault) when (fault is QueueDamagedException or IOException)
            {
                // The message has begun to go out: what the disk says must end the transaction, not the worker.
                return fault.Message;
            }

            length += content.Fill(buffer[length..]);
        }

        return null;
    }

    // 0 when unclean: a buffer holds any clean command.
    private int Compose(Span<byte> buffer, Transit transit, int most)
    {
        var writer = new CommandWriter(buffer);
        transit.WriteEnvelope(ref writer, offer, most);
        return writer.IsUnclean ? 0 : writer.Length;
    }
}
