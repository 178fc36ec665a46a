using System.Buffers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>A connection that speaks in commands and replies. Moves octets, decides nothing. Owns the connection and its receive buffer.</summary>
internal sealed class SmtpWire(Connection connection, TimeProvider clock) : IAsyncDisposable
{
    // A reply of one line fits many times; an EHLO answer fits. Kept for the life of the connection.
    private const int FirstBuffer = 2_048;

    private const int MaxBuffer = 65_536;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _end;

    public TlsSession? Tls => connection.Tls;

    /// <summary>No octet has been received that was not part of a reply asked for.</summary>
    public bool IsDrained => _start == _end;

    /// <summary>Drained, and nothing waits in the socket, not even its end.</summary>
    public bool IsQuiet => IsDrained && !connection.HasPending;

    /// <inheritdoc cref="Connection.SendAsync"/>
    public ValueTask<WireFault> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan limit, CancellationToken stop) =>
        connection.SendAsync(octets, limit, stop);

    /// <summary>Waits for the next whole reply.</summary>
    /// <param name="limit">For the whole reply, however it drips in.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public ValueTask<Heard> HearAsync(TimeSpan limit, CancellationToken stop) =>
        TryRead(out var heard) ? ValueTask.FromResult(heard) : ReceiveAsync(limit, stop);

    /// <inheritdoc cref="Connection.SecureAsClientAsync"/>
    public ValueTask<WireFault> SecureAsync(SslClientAuthenticationOptions options, TimeSpan limit, Func<TlsProof> proof, CancellationToken stop) =>
        connection.SecureAsClientAsync(options, limit, proof, stop);

    public async ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            (_start, _end) = (0, 0);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Heard> ReceiveAsync(TimeSpan limit, CancellationToken stop)
    {
        var begun = clock.GetTimestamp();
        var left = limit;
        while (true)
        {
            if (!TryMakeRoom())
            {
                return new Heard(ReadResult.Malformed, default, WireFault.None);
            }

            var received = await connection.ReceiveAsync(_buffer.AsMemory(_end), left, stop).ConfigureAwait(false);
            if (received.Fault is not WireFault.None)
            {
                return new Heard(ReadResult.NeedMore, default, received.Fault);
            }

            _end += received.Count;
            if (TryRead(out var heard))
            {
                return heard;
            }

            left = limit - clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return new Heard(ReadResult.NeedMore, default, WireFault.TimedOut);
            }
        }
    }

    private bool TryRead(out Heard heard)
    {
        heard = default;
        if (IsDrained)
        {
            return false;
        }

        var reader = new ReplyReader(new ReadOnlySequence<byte>(_buffer, _start, _end - _start));
        var result = reader.TryRead(out var reply);
        if (result is ReadResult.NeedMore)
        {
            return false;
        }

        _start += (int)reader.Consumed;
        heard = new Heard(result, reply, WireFault.None);
        return true;
    }

    private bool TryMakeRoom()
    {
        if (IsDrained)
        {
            (_start, _end) = (0, 0);
        }
        else if (_buffer.Length - _end < _buffer.Length / 2)
        {
            return TryGrow();
        }

        return true;
    }

    private bool TryGrow()
    {
        var length = _end - _start;
        if (length >= MaxBuffer)
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * length, FirstBuffer));
        _buffer.AsSpan(_start, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (larger, 0, length);
        return true;
    }
}
