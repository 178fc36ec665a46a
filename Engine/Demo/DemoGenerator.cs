namespace Engine.Demo;

/// <summary>Submits letters from several connections at once and tells the ledger. A broken connection is opened again.</summary>
/// <param name="settings">How.</param>
/// <param name="write">Gives the letter of a number; called from several threads.</param>
/// <param name="ledger">Is told of every letter before it is sent and of every answer.</param>
/// <param name="clock">For pauses and limits.</param>
internal sealed class DemoGenerator(GeneratorSettings settings, Func<long, Letter> write, Ledger ledger, TimeProvider clock)
{
    private long _next = settings.First;
    private string _lastRefusal = string.Empty;

    /// <summary>The last reply that was a refusal, for the operator; empty when there was none.</summary>
    public string LastRefusal => Volatile.Read(ref _lastRefusal);

    /// <summary>Returns when every letter is acknowledged, rejected or of unknown fate.</summary>
    /// <exception cref="OperationCanceledException">Stopped before.</exception>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Math.Max(1, Math.Min(settings.Sessions, settings.Count))).Select(_ => Task.Run(() => WorkAsync(stop), stop)));

    private async Task WorkAsync(CancellationToken stop)
    {
        var session = default(SubmitSession);
        try
        {
            while (TryTake(out var number))
            {
                session = await SubmitAsync(session, write(number), stop);
            }

            if (session is not null)
            {
                await session.QuitAsync(stop);
            }
        }
        finally
        {
            await CloseAsync(session);
        }
    }

    private bool TryTake(out long number)
    {
        number = Interlocked.Increment(ref _next) - 1;
        return number < settings.First + settings.Count;
    }

    // Until the letter has an end. The session comes back when it can be used again.
    private async Task<SubmitSession?> SubmitAsync(SubmitSession? session, Letter letter, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            session ??= await OpenAsync(stop);
            ledger.Announce(letter.Number, letter.Recipients);
            var answer = await session.SubmitAsync(letter, stop);
            if (answer.Kind is not SubmitKind.Accepted && answer.Text.Length > 0)
            {
                Volatile.Write(ref _lastRefusal, answer.Text);
            }

            if (answer.IsSpent)
            {
                await CloseAsync(session);
                session = null;
            }

            if (IsEnd(letter.Number, answer, tries))
            {
                return session;
            }

            await Task.Delay(settings.Pause, clock, stop);
        }
    }

    private bool IsEnd(long number, SubmitAnswer answer, int tries)
    {
        switch (answer.Kind)
        {
            case SubmitKind.Accepted:
                ledger.Acknowledge(number, answer.Text);
                return true;
            case SubmitKind.Unknown:
                ledger.LoseTouch(number);
                return !settings.Resubmits;
            case SubmitKind.Refused:
            case SubmitKind.TryLater when tries >= settings.Tries:
                ledger.Reject(number);
                return true;
            default:
                return false;
        }
    }

    private async Task<SubmitSession> OpenAsync(CancellationToken stop)
    {
        while (true)
        {
            if (await SubmitSession.OpenAsync(settings.Server, settings.Login, clock, stop) is { } session)
            {
                return session;
            }

            await Task.Delay(settings.Pause, clock, stop);
        }
    }

    private static async ValueTask CloseAsync(SubmitSession? session)
    {
        if (session is not null)
        {
            await session.DisposeAsync();
        }
    }
}
