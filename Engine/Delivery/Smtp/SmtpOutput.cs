using System.Buffers;
using System.Runtime.CompilerServices;
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

    /// <summary>Sends the next commands of the envelope; with BDAT the content too, when all fits in one buffer.</summary>
    /// <param name="transit">The message.</param>
    /// <param name="most">Commands in one go: 1 without PIPELINING.</param>
    /// <param name="takesContent">Whether BDAT may ride along. Not when the replies are to be seen first.</param>
    /// <param name="stop">Throws when cancelled.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Sent> SendEnvelopeAsync(Transit transit, int most, bool takesContent, CancellationToken stop)
    {
        if (!wire.IsDrained)
        {
            return new Sent(SentKind.Early);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            if (!TryCompose(buffer, transit, most, takesContent, out var length, out var isContentIn))
            {
                return new Sent(SentKind.Unclean);
            }

            var sent = Sent.Of(await wire.SendAsync(buffer.AsMemory(0, length), limit, stop).ConfigureAwait(false));

            // The last octet of a failed write did not go out, so the end of the content is not in doubt.
            transit.IsContentOut = isContentIn && sent.Kind is SentKind.Sent;
            return sent;
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
        if (!wire.IsDrained)
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
                var length = content.Fill(buffer);
                if (content.IsUnclean)
                {
                    return new Sent(SentKind.Unclean);
                }

                if (content.IsDone)
                {
                    return isFirst || wire.IsQuiet
                        ? await SendEndAsync(buffer, length, transit, next, stop).ConfigureAwait(false)
                        : new Sent(SentKind.Early);
                }

                var fault = await wire.SendAsync(buffer.AsMemory(0, length), limit, stop).ConfigureAwait(false);
                if (fault is not WireFault.None)
                {
                    return Sent.Of(fault);
                }

                isFirst = false;
            }
        }
        finally
        {
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

    private bool TryCompose(Span<byte> buffer, Transit transit, int most, bool takesContent, out int length, out bool isContentIn)
    {
        isContentIn = false;
        var isWhole = transit.Written == 0;
        var writer = new CommandWriter(buffer);
        transit.WriteEnvelope(ref writer, offer, most);
        length = writer.Length;
        if (writer.IsUnclean || length == 0)
        {
            return false;
        }

        var fits = ContentWriter.SizeOf(transit.Job) + ContentWriter.MinTarget <= buffer.Length - length;
        if (takesContent && isWhole && transit is { IsChunked: true, IsEnvelopeWritten: true } && fits)
        {
            var content = new ContentWriter(transit.Job, isChunked: true);
            length += content.Fill(buffer[length..]);
            isContentIn = content.IsDone;
            transit.ExpectContentReply();
            return isContentIn;
        }

        return true;
    }
}
