using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Engine.Configuration;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>Moves the octets of one connection between the wire and its <see cref="SubmissionDialogue"/>. Decides nothing.</summary>
/// <param name="connection">Borrowed.</param>
/// <param name="client">Who is connected.</param>
/// <param name="parts">What all sessions share.</param>
/// <param name="secure">For handshakes; null without a certificate.</param>
internal sealed class SubmissionSession(Connection connection, ClientFacts client, SessionParts parts, SslServerAuthenticationOptions? secure) : IDisposable
{
    // Holds the longest command line, and a usual message.
    private const int BufferSize = 16 << 10;
    private const int DrainOctets = 4 << 20;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly IServerMachine _machine = parts.MachineFor(client);
    private readonly IContentIntake _intake = parts.IntakeFor(client);
    private readonly SubmissionLimits _limits = parts.Limits;
    private SubmissionDialogue _dialogue = null!;
    private PaceWindow _pace;
    private TimeSpan _begun;
    private bool _isPaced;
    private Trace? _trace;
    private int _start;
    private int _end;

    /// <summary>Runs the connection to its end. Never throws for what the network or the client does.</summary>
    /// <param name="stop">The engine is stopping: content that has begun is finished, then 421.</param>
    /// <param name="abort">It has waited long enough.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        _begun = Now();
        _dialogue = new SubmissionDialogue(_machine, _intake, parts.Ledger, client, _limits);
        try
        {
            if (client.Listener.Tls is ListenerTls.Implicit && !await SecureAsync(abort).ConfigureAwait(false))
            {
                return;
            }

            _dialogue.Greet();
            await TalkAsync(stop, abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // The peer sees a reset; nothing it was not told 250 for is ours.
        }
    }

    public void Dispose()
    {
        _intake.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async Task TalkAsync(CancellationToken stop, CancellationToken abort)
    {
        while (true)
        {
            var need = _dialogue.Take(_buffer.AsSpan(_start, _end - _start), out var consumed);
            _start += consumed;
            switch (need)
            {
                case DialogueNeed.Input when await ReceiveAsync(stop, abort).ConfigureAwait(false):
                    break;
                case DialogueNeed.Piece:
                    await _intake.StorePieceAsync(abort).ConfigureAwait(false);

                    // What the disk took of the time is not the client's.
                    _isPaced = false;
                    break;
                case DialogueNeed.Commit:
                    _dialogue.Committed(await CommitAsync(abort).ConfigureAwait(false));
                    break;
                case DialogueNeed.Verdict:
                    await CheckLoginAsync(stop, abort).ConfigureAwait(false);
                    break;
                case DialogueNeed.Standing:
                    _dialogue.TakeStanding(await StandingAsync(abort).ConfigureAwait(false));
                    break;
                case DialogueNeed.Handshake when await StartTlsAsync(abort).ConfigureAwait(false):
                    break;
                case DialogueNeed.Close:
                    await CloseAsync(abort).ConfigureAwait(false);
                    return;
                default:
                    return;
            }
        }
    }

    // True with new octets, or with something for the dialogue to say; false when the connection is gone.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveAsync(CancellationToken stop, CancellationToken abort)
    {
        if (_dialogue.Output.Length > 0 && !await SendAsync(abort).ConfigureAwait(false))
        {
            return false;
        }

        MakeRoom();
        var isContent = _dialogue.IsInContent;
        var limit = isContent ? ContentLimit() : CommandLimit();
        _isPaced = isContent;
        Received received;
        try
        {
            received = await connection.ReceiveAsync(_buffer.AsMemory(_end), limit, isContent ? abort : stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            _dialogue.Close(Replies.Closing);
            return true;
        }

        _end += received.Count;
        if (received.Fault is WireFault.TimedOut)
        {
            _dialogue.Close(isContent ? Replies.TooSlow : Replies.Idle);
            return true;
        }

        if (isContent && !_pace.Take(received.Count, Now()))
        {
            _dialogue.Close(Replies.TooSlow);
        }

        return received.Fault is WireFault.None;
    }

    // Before a login the time runs from the beginning, whatever is said meanwhile.
    private TimeSpan CommandLimit()
    {
        if (!client.Listener.NeedsAuth || _machine.IsAuthenticated)
        {
            return _limits.Idle;
        }

        var left = _begun + _limits.BeforeLogin - Now();
        return left < _limits.Idle ? TimeSpan.FromTicks(Math.Max(left.Ticks, 1)) : _limits.Idle;
    }

    private TimeSpan ContentLimit()
    {
        var now = Now();
        if (!_isPaced)
        {
            _pace.Begin(now);
        }

        return _pace.Allowance(now);
    }

    // What is left of a command moves to the front, so that the longest line fits behind it.
    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(CancellationToken abort)
    {
        var fault = await connection.SendAsync(_dialogue.Output.Written, _limits.Idle, abort).ConfigureAwait(false);
        _dialogue.Output.Clear();
        return fault is WireFault.None;
    }

    private ValueTask<Reply> CommitAsync(CancellationToken abort)
    {
        // One object per EHLO, not per message.
        if (_trace is null || !ReferenceEquals(_trace.EhloName, _machine.EhloName) || !ReferenceEquals(_trace.Tls, connection.Tls) || _trace.IsAuthenticated != _machine.IsAuthenticated)
        {
            _trace = new Trace(_machine.EhloName, client.Address.ToString(), _machine.IsExtended, _machine.IsAuthenticated, connection.Tls);
        }

        return _intake.CommitAsync(_trace, abort);
    }

    // A guess may have to wait half a minute; the engine's stop does not.
    private async ValueTask CheckLoginAsync(CancellationToken stop, CancellationToken abort)
    {
        AuthVerdict verdict;
        try
        {
            verdict = await parts.Logins.CheckAsync(_dialogue.Login, client.Address, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            _dialogue.Close(Replies.Closing);
            return;
        }

        if (verdict is AuthVerdict.Bad)
        {
            parts.Log.LoginFailed(Printable(_dialogue.Login.Name), client.Address, client.Listener.Name);
        }

        _dialogue.TakeVerdict(verdict);
    }

    // What cannot be looked up is taken: it is asked about again before it is sent.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the list throws, the recipient is only asked about too early; the check before sending holds the mail.")]
    private async ValueTask<SuppressionReason> StandingAsync(CancellationToken abort)
    {
        if (parts.StandingOf is not { } ask || _dialogue.Account is not { } account)
        {
            return SuppressionReason.None;
        }

        try
        {
            return await ask(_dialogue.Asked, account, abort).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            parts.Log.SessionFault(fault, client.Session, client.Address);
            return SuppressionReason.None;
        }
    }

    private async ValueTask<bool> StartTlsAsync(CancellationToken abort)
    {
        if (connection.HasPending)
        {
            _dialogue.Output.Clear();
            _dialogue.Close(Replies.Pipelined);
            return true;
        }

        if (!await SendAsync(abort).ConfigureAwait(false) || !await SecureAsync(abort).ConfigureAwait(false))
        {
            return false;
        }

        _dialogue.Secured();
        return true;
    }

    private async ValueTask<bool> SecureAsync(CancellationToken abort)
    {
        if (secure is null)
        {
            return false;
        }

        var fault = await connection.SecureAsServerAsync(secure, _limits.Handshake, abort).ConfigureAwait(false);
        if (fault is not WireFault.None)
        {
            parts.Log.HandshakeFailed(client.Address, client.Listener.Name);
        }

        return fault is WireFault.None;
    }

    private async ValueTask CloseAsync(CancellationToken abort)
    {
        if (!await SendAsync(abort).ConfigureAwait(false))
        {
            return;
        }

        await connection.EndSendingAsync().ConfigureAwait(false);
        var (octets, until) = (0, Now() + _limits.Drain);
        while (_dialogue.MustDrain && octets < DrainOctets && until - Now() is { Ticks: > 0 } left)
        {
            var received = await connection.ReceiveAsync(_buffer, left, abort).ConfigureAwait(false);
            if (received.Fault is not WireFault.None)
            {
                return;
            }

            octets += received.Count;
        }
    }

    private TimeSpan Now() => parts.Clock.GetElapsedTime(0);

    private static string Printable(string login) =>
        string.Create(Math.Min(login.Length, 128), login, static (text, login) =>
        {
            for (var at = 0; at < text.Length; at++)
            {
                text[at] = char.IsControl(login[at]) ? '?' : login[at];
            }
        });
}
