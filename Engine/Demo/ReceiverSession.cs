using System.Net.Security;
using System.Security.Authentication;
using Engine.Wire;

namespace Engine.Demo;

/// <summary>One connection to a scripted receiver: moves octets between the socket and its dialogue.</summary>
internal sealed class ReceiverSession(ReceiverScript script, ReceiverTally tally, Ledger ledger, TakenAsync? taken, TimeProvider clock)
{
    private const int BufferSize = 128 * 1_024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ReceiverDialogue _dialogue = new(script, tally.Desk);
    private readonly ReceptionReader _reader = new(script.NumberField);
    private readonly List<Reception> _unanswered = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _start;
    private int _end;

    public async Task RunAsync(Connection connection, CancellationToken stop)
    {
        _dialogue.Greet();
        while (true)
        {
            var step = _dialogue.Advance(_buffer.AsSpan(_start.._end), out var consumed);
            _start += consumed;
            var goesOn = step switch
            {
                ReceiverStep.Content => await TakeAsync(connection, stop),
                ReceiverStep.StartTls => await SecureAsync(connection, stop),
                ReceiverStep.NeedMore => await FlushAsync(connection, stop) && await ReadAsync(connection, stop),
                _ => await FlushAsync(connection, stop) && false,
            };
            if (!goesOn)
            {
                return;
            }
        }
    }

    private async ValueTask<bool> TakeAsync(Connection connection, CancellationToken stop)
    {
        if (script.ReplyDelay > TimeSpan.Zero)
        {
            await Task.Delay(script.ReplyDelay, clock, stop);
        }

        var fate = script.FateOf(tally.CountContent());
        if (fate is ContentFate.Take or ContentFate.Drop && !_dialogue.IsTooLarge && !script.Forgets)
        {
            await BookAsync(connection, stop);
        }

        _dialogue.Answer(fate);
        return fate is ContentFate.Take or ContentFate.Defer;
    }

    // In the ledger before it is answered: nobody can say "delivered" of a message the ledger does not know.
    private async ValueTask BookAsync(Connection connection, CancellationToken stop)
    {
        var (number, id) = _reader.Read(_dialogue.Content.Span);
        var mail = new Reception(
            number, id, _dialogue.Sender, [.. _dialogue.Recipients], connection.Tls?.Version, connection.Remote.Address, _dialogue.Content);
        if (taken is not null)
        {
            await taken(mail, stop);
        }

        // Last: whoever waits for the ledger finds everything else done.
        ledger.Take(mail);
        _unanswered.Add(mail);
    }

    private async ValueTask<bool> SecureAsync(Connection connection, CancellationToken stop)
    {
        if (!await FlushAsync(connection, stop))
        {
            return false;
        }

        // What was sent behind STARTTLS in the clear is not looked at. RFC 3207 §4.2.
        (_start, _end) = (0, 0);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = script.Certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        var fault = await connection.SecureAsServerAsync(options, Patience, stop);
        _dialogue.Secured();
        return fault is WireFault.None;
    }

    private async ValueTask<bool> FlushAsync(Connection connection, CancellationToken stop)
    {
        if (_dialogue.Replies.Pending is { IsEmpty: false } replies)
        {
            var fault = await connection.SendAsync(replies, Patience, stop);
            _dialogue.Replies.Sent();
            if (fault is not WireFault.None)
            {
                return false;
            }
        }

        foreach (var mail in _unanswered)
        {
            ledger.Answer(mail);
        }

        _unanswered.Clear();
        return true;
    }

    private async ValueTask<bool> ReadAsync(Connection connection, CancellationToken stop)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var received = await connection.ReceiveAsync(_buffer.AsMemory(_end), Patience, stop);
        _end += received.Count;
        return received.Fault is WireFault.None;
    }
}
