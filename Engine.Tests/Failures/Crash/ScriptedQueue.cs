using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>One open queue and the ordinary things that happen to it. What is asked is in the ledger before, what is promised after.</summary>
internal sealed class ScriptedQueue : IAsyncDisposable
{
    private static readonly RecipientSelector Nobody = new() { Ids = [default] };

    private readonly MailQueue _queue;
    private readonly LabLedger _ledger;
    private readonly Random _random;
    private readonly ManualClock _clock;
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<MessageId> _refused = [];

    public ScriptedQueue(MailQueue queue, LabLedger ledger, Random random, ManualClock clock)
    {
        (_queue, _ledger, _random, _clock) = (queue, ledger, random, clock);
        queue.Failed += reason => _failed.TrySetResult(reason);
    }

    private DateTimeOffset Later => _clock.GetUtcNow().AddDays(1);

    /// <summary>Does one thing.</summary>
    public Task StepAsync(CancellationToken stop) => _random.Next(24) switch
    {
        < 5 => AcceptAsync(1, 0, stop),
        < 8 => AcceptAsync(_random.Next(2, 7), 0, stop),
        < 10 => AcceptAsync(1, _random.Next(1_000, 12_000), stop),
        < 16 => DeliverAsync(stop),
        < 17 => HoldAsync(stop),
        < 18 => ReleaseAsync(stop),
        < 19 => EndAsync(stop),
        < 20 => WakeAsync(stop),
        < 21 => RewriteAsync(stop),
        < 22 => Task.WhenAll(_queue.CompactAsync(stop), AcceptAsync(3, 0, stop)),
        _ => _queue.CompactAsync(stop),
    };

    /// <summary>Waits until a fault is over. Null then; else why the queue gave up.</summary>
    public async Task<Exception?> MendAsync(CancellationToken stop)
    {
        while (_queue.Refusal is not null && !_failed.Task.IsCompleted)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        if (_failed.Task.IsCompleted)
        {
            return await _failed.Task;
        }

        Forget();
        return null;
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private Task AcceptAsync(int count, int size, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
    {
        var recipients = _random.Next(3) == 0 ? _random.Next(2, 5) : 1;
        return AcceptAsync(new Letter(_queue.Ids.Next(), recipients, _random.Next(1, Math.Min(recipients, 2) + 1), size > 0 ? size : _random.Next(10, 700)), stop);
    }).ToArray());

    private async Task AcceptAsync(Letter letter, CancellationToken stop)
    {
        _ledger.Submit(letter);
        try
        {
            await _queue.AcceptAsync(letter.ToMessage(), stop).AsTask().WaitAsync(stop);
        }
        catch (IntakeRefusedException)
        {
            Refuse(letter.Id);
            throw;
        }

        _ledger.Note(letter.Id, static message => message with { IsCertain = true });
    }

    private void Refuse(MessageId id)
    {
        lock (_refused)
        {
            _refused.Add(id);
        }
    }

    // The log was cut before mail is taken again: what was refused is not in it.
    private void Forget()
    {
        lock (_refused)
        {
            _refused.ForEach(id => _ledger.Note(id, static recipient => ExpectedRecipient.Exactly(null)));
            _refused.Clear();
        }
    }

    private async Task DeliverAsync(CancellationToken stop)
    {
        var stable = new List<(MessageId Id, int Recipient, Func<ExpectedRecipient, ExpectedRecipient> Change)>();
        var settled = new List<Task>();
        while (_queue.Due.TryRead(out var slot))
        {
            if (!_queue.TryBegin(slot))
            {
                continue;
            }

            var (id, recipient, attempts) = (_queue.Look(slot).Id, (int)_queue.Look(slot).Index, _queue.Look(slot).Attempts + 1);
            switch (_random.Next(8))
            {
                case < 4:
                    _ledger.Note(id, recipient, static old => old with { MayBeGone = true });
                    settled.Add(SettleAsync(slot, id, recipient, stop));
                    break;
                case 4:
                    _ledger.Note(id, recipient, static old => old with { MayBeGone = true });
                    SettleUnawaited(slot);
                    stable.Add((id, recipient, static old => old with { IsGone = true }));
                    break;
                case 5:
                    _queue.PutBack(slot, Later);
                    break;
                default:
                    _ledger.Note(id, recipient, old => old with { MostAttempts = attempts });
                    _queue.Defer(slot, new Deferral(Later, new Category("rate"), 421, default, $"attempt {attempts}", _random.Next(2) == 0));
                    stable.Add((id, recipient, old => old with { LeastAttempts = attempts }));
                    break;
            }
        }

        _clock.Advance(GroupCommit.SettleDelay);
        await Task.WhenAll(settled);
        if (_random.Next(2) == 0)
        {
            (await _queue.Operators.RetryNowAsync(Nobody, stop).WaitAsync(stop)).Dispose();
            stable.ForEach(one => _ledger.Note(one.Id, one.Recipient, one.Change));
        }
    }

    private void SettleUnawaited(int slot) => _queue.Settle(slot, EndKind.Delivered, 250);

    private async Task SettleAsync(int slot, MessageId id, int recipient, CancellationToken stop)
    {
        if (!await _queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask().WaitAsync(stop))
        {
            throw new CrashLabException($"message {id}, recipient {recipient} was in flight and yet had ended");
        }

        _ledger.Note(id, recipient, static old => old with { IsGone = true });
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        if (Any() is { } id)
        {
            _ledger.Note(id, static old => old with { MayBeHeld = true });
            (await _queue.Operators.HoldAsync(Only(id), stop).WaitAsync(stop)).Dispose();
            _ledger.Note(id, static old => old with { MustBeHeld = true });
        }
    }

    private async Task ReleaseAsync(CancellationToken stop)
    {
        if (Any() is { } id)
        {
            _ledger.Note(id, static old => old with { MustBeHeld = false });
            (await _queue.Operators.ReleaseAsync(Only(id), stop).WaitAsync(stop)).Dispose();
            _ledger.Note(id, static old => old with { MayBeHeld = false });
        }
    }

    private async Task EndAsync(CancellationToken stop)
    {
        if (Any() is { } id)
        {
            _ledger.Note(id, static old => old with { MayBeGone = true });
            var ending = _random.Next(2) == 0 ? _queue.Operators.CancelAsync(Only(id), stop) : _queue.Operators.FailAsync(Only(id), stop);
            (await ending.WaitAsync(stop)).Dispose();
            _ledger.Note(id, static old => old with { IsGone = true });
        }
    }

    private async Task WakeAsync(CancellationToken stop)
    {
        foreach (var message in _ledger.Now.Where(static message => message.IsCertain && !message.IsGone))
        {
            foreach (var slot in _queue.Operators.SlotsOf(message.Letter.Id))
            {
                _queue.Operators.Wake(slot);
            }
        }

        if (Any() is { } id)
        {
            (await _queue.Operators.RetryNowAsync(Only(id), stop).WaitAsync(stop)).Dispose();
        }
    }

    private async Task RewriteAsync(CancellationToken stop)
    {
        if (Any() is not { } id)
        {
            return;
        }

        var version = 0;
        _ledger.Note(id, message => message with { MostVersion = version = message.MostVersion + 1 });
        var letter = _ledger.Now.Single(message => message.Letter.Id == id).Letter;
        var rewriting = _queue.RewriteHeadAsync(id, 0, letter.HeadOf(0, version)).AsTask();
        _clock.Advance(GroupCommit.SettleDelay);
        if (await rewriting.WaitAsync(stop))
        {
            _ledger.Note(id, message => message with { LeastVersion = version });
        }
    }

    private MessageId? Any()
    {
        var living = _ledger.Now.Where(message => message.IsCertain && _queue.Operators.SlotsOf(message.Letter.Id).Count > 0).ToArray();
        return living.Length > 0 ? living[_random.Next(living.Length)].Letter.Id : null;
    }

    private static RecipientSelector Only(MessageId id) => new() { Ids = [id] };
}
