using System.Net;
using Engine.Configuration;

namespace Engine.Submission;

/// <summary>Checks logins. Thread-safe; one for all listeners.</summary>
/// <remarks>
/// A password check is 50 ms of work, so at most <paramref name="parallel"/> run at once, on pool threads; who waits longer than ten seconds is
/// told to come again. A login that does not exist costs as much as one that does.
/// </remarks>
internal sealed class Authenticator(RulesInForce rules, TimeProvider clock, int parallel) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly AuthCache _cache = new(clock);
    private readonly AuthPenalties _penalties = new(clock);
    private readonly SemaphoreSlim _gate = new(parallel);

    public async ValueTask<AuthVerdict> CheckAsync(GivenLogin given, IPAddress client, CancellationToken stop)
    {
        var inForce = rules.Value;
        var login = inForce.FindLogin(given.Name);
        if (login is not null && MayLogIn(login, client) && _cache.Contains(inForce, login, given.Password.Span))
        {
            return AuthVerdict.Good;
        }

        if (_penalties.For(client) is { Ticks: > 0 } penalty)
        {
            await Task.Delay(penalty, clock, stop).ConfigureAwait(false);
        }

        if (!await EnterAsync(stop).ConfigureAwait(false))
        {
            return AuthVerdict.Busy;
        }

        try
        {
            return await DeriveAsync(inForce, login, given, client).ConfigureAwait(false) ? AuthVerdict.Good : AuthVerdict.Bad;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static bool MayLogIn(LoginRules login, IPAddress client) =>
        login.Clients.Contains(client) && login.Account is not { Status: AccountStatus.Disabled };

    private async ValueTask<bool> EnterAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await _gate.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<bool> DeriveAsync(SubmissionRules inForce, LoginRules? login, GivenLogin given, IPAddress client)
    {
        // Others of the same client may have waited at the gate with us.
        var isGood = login is not null && _cache.Contains(inForce, login, given.Password.Span);
        if (!isGood)
        {
            var password = login?.Password ?? inForce.Decoy;
            isGood = await Task.Run(() => password.Verify(given.Password.Span)).ConfigureAwait(false) && login?.Password is not null;
        }

        if (login is null || !isGood || !MayLogIn(login, client))
        {
            _penalties.Failed(client);
            return false;
        }

        _cache.Add(inForce, login, given.Password.Span);
        _penalties.Succeeded(client);
        return true;
    }
}
