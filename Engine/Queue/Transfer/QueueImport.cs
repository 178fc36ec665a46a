using System.Diagnostics.CodeAnalysis;
using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>
/// Puts the messages of an export into a running queue, by the same accept as submission: a message counts once it is on stable storage.
/// Accept time, give-up time, identity and heads stay; attempts begin anew; due is the earliest of its recipients.
/// </summary>
/// <param name="queue">Takes them.</param>
/// <param name="record">Of this export.</param>
/// <param name="refuse">Says why this engine does not take a message; null when it does.</param>
/// <param name="accepted">Told of each after its commit.</param>
/// <param name="clock">The time.</param>
internal sealed class QueueImport(MailQueue queue, ImportRecord record, Func<Envelope, string?> refuse, Action<NewMessage> accepted, TimeProvider clock)
{
    /// <summary>A message that is to be held is not due before this has passed: between its accept and its hold it must not leave.</summary>
    public static readonly TimeSpan HoldMargin = TimeSpan.FromMinutes(10);

    // Accepts that wait for their commit together. More would not make commits rarer.
    private const int MostWaiting = 256;
    private const long MostOctets = 32 << 20;

    private readonly Queue<(ArrivedMessage Arrived, NewMessage Message, Task<int> Held)> _waiting = new();
    private readonly Dictionary<string, long> _refused = [];
    private long _octets;
    private long _messages;
    private long _recipients;
    private long _held;
    private long _known;

    /// <param name="reader">Of the export.</param>
    /// <param name="holdAll">Holds all of it; else only what was held where it came from.</param>
    /// <param name="stop">What was taken stays.</param>
    /// <exception cref="TransferDamagedException">The file is not whole; what came before was taken.</exception>
    /// <exception cref="IntakeRefusedException">The disk is full or broken; what came before was taken.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Disposed of when its accept is over.")]
    public async Task<ImportResult> RunAsync(TransferReader reader, bool holdAll, CancellationToken stop)
    {
        try
        {
            await foreach (var arrived in reader.ReadAsync(stop).ConfigureAwait(false))
            {
                Begin(arrived, holdAll, stop);
                while (_waiting.Count > MostWaiting || _octets > MostOctets)
                {
                    await EndAsync().ConfigureAwait(false);
                }
            }

            while (_waiting.Count > 0)
            {
                await EndAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await AbandonAsync().ConfigureAwait(false);
            record.Flush();
        }

        return new ImportResult(_messages, _recipients, _held, _known, _refused);
    }

    private void Begin(ArrivedMessage arrived, bool holdAll, CancellationToken stop)
    {
        var envelope = arrived.Message.Envelope;
        if (record.Knows(envelope.Id) || IsQueued(ref envelope))
        {
            _known++;
            arrived.Dispose();
        }
        else if (refuse(envelope) is { } reason)
        {
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
            arrived.Dispose();
        }
        else
        {
            var states = arrived.Message.States;
            var held = Enumerable.Range(0, states.Count).Where(index => holdAll || states[index].IsHeld).Select(index => (envelope.Id, (ushort)index)).ToHashSet();
            var message = new NewMessage(envelope with { NotBefore = NotBefore(envelope, states, held.Count > 0) }, arrived.Message.Heads, arrived.Content);
            _octets += arrived.Size;
            _waiting.Enqueue((arrived, message, AcceptAsync(message, held, stop)));
        }
    }

    // Two engines with one node number give the same id twice. The message that comes gets a new one; the record keeps the old.
    private bool IsQueued(ref Envelope envelope)
    {
        using var here = queue.Operators.Read(envelope.Id);
        if (here is null)
        {
            return false;
        }

        var known = here.Envelope;
        if (known.Accepted == envelope.Accepted && known.Sender == envelope.Sender && known.HeaderMessageId == envelope.HeaderMessageId)
        {
            return true;
        }

        envelope = envelope with { Id = queue.Ids.Next() };
        return false;
    }

    private DateTimeOffset NotBefore(Envelope envelope, IReadOnlyList<TransferredRecipient> states, bool isHeld)
    {
        var due = states.Min(state => state.Due ?? envelope.NotBefore);
        var earliest = isHeld ? clock.GetUtcNow() + HoldMargin : DateTimeOffset.MinValue;
        return due > earliest ? due : earliest;
    }

    private async Task<int> AcceptAsync(NewMessage message, HashSet<(MessageId Id, ushort Index)> held, CancellationToken stop)
    {
        await queue.AcceptAsync(message, stop).ConfigureAwait(false);
        if (held.Count == 0)
        {
            return 0;
        }

        using var affected = await queue.Operators.HoldAsync(RecipientSelector.All with { Ids = [message.Envelope.Id], Exactly = held }, stop).ConfigureAwait(false);
        return affected.Count;
    }

    private async Task EndAsync()
    {
        var (arrived, message, held) = _waiting.Dequeue();
        using (arrived)
        {
            _octets -= arrived.Size;
            _held += await held.ConfigureAwait(false);
            record.Add(arrived.Message.Envelope.Id);
            accepted(message);
            _messages++;
            _recipients += message.Envelope.Recipients.Count;
        }
    }

    // After a fault: their memory is read until they are through, and what was taken is written down.
    private async Task AbandonAsync()
    {
        while (_waiting.Count > 0)
        {
            var (arrived, message, held) = _waiting.Dequeue();
            using (arrived)
            {
                await ((Task)held).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (held.IsCompletedSuccessfully)
                {
                    record.Add(arrived.Message.Envelope.Id);
                    accepted(message);
                }
            }
        }
    }
}
