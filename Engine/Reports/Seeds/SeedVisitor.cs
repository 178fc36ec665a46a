using System.Net;
using Engine.Configuration;
using Engine.Reports.Imap;
using Engine.Wire;

namespace Engine.Reports.Seeds;

/// <summary>Goes to a seed's mailbox and looks for probes. Stateless, thread-safe.</summary>
/// <param name="ways">How to reach it.</param>
/// <param name="mail">What probes look like.</param>
/// <param name="clock">Measures limits.</param>
internal sealed class SeedVisitor(SeedWays ways, Func<SeedMail> mail, TimeProvider clock)
{
    /// <summary>For everything a visit does.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private const int MaxAddresses = 4;

    /// <summary>Looks for probes, in the inbox and then among the spam.</summary>
    /// <param name="plan">The seed.</param>
    /// <param name="tokens">Of the probes.</param>
    /// <param name="cleanBefore">Whether older probes are removed too: those from before; null for not.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<SeedVisit> VisitAsync(SeedPlan plan, IReadOnlyList<string> tokens, DateTimeOffset? cleanBefore, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            if (ways.Password(plan.Options) is not { } password)
            {
                return SeedVisit.Failed($"the file {plan.Options.PasswordFile} holds no password");
            }

            var (connection, host, fault) = await ConnectAsync(plan.Options, either.Token).ConfigureAwait(false);
            if (connection is null)
            {
                return SeedVisit.Failed(fault);
            }

            await using var session = new ImapSession(connection, clock);
            var server = await session.OpenAsync(host, plan.Options.Tls, new SeedLogin(plan.Options.User, password), ways.Roots(), either.Token).ConfigureAwait(false);
            return server.Trouble.Length > 0
                ? SeedVisit.Failed(server.Trouble)
                : await LookAsync(new SeedMailbox(session, server), plan.Options, tokens, cleanBefore, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return SeedVisit.Failed("the visit took too long");
        }
    }

    private async ValueTask<SeedVisit> LookAsync(SeedMailbox mailbox, SeedOptions options, IReadOnlyList<string> tokens, DateTimeOffset? cleanBefore, CancellationToken stop)
    {
        var found = new Dictionary<string, SeedSighting>(StringComparer.Ordinal);
        var (trouble, spam) = options.SpamFolders.Count > 0 ? (string.Empty, options.SpamFolders) : await mailbox.FindSpamAsync(stop).ConfigureAwait(false);
        foreach (var (folder, place) in spam.Select(folder => (folder, SeedPlace.Spam)).Prepend(("INBOX", SeedPlace.Inbox)))
        {
            trouble = trouble.Length > 0 ? trouble : await mailbox.SelectAsync(folder, isToChange: cleanBefore is not null, stop).ConfigureAwait(false);
            foreach (var token in tokens.Where(token => !found.ContainsKey(token)))
            {
                if (trouble.Length > 0)
                {
                    break;
                }

                (trouble, var sighting) = await mailbox.FindAsync(mail().ValueOf(token), place, stop).ConfigureAwait(false);
                if (sighting is not null)
                {
                    found[token] = sighting;
                }
            }

            trouble = trouble.Length > 0 || cleanBefore is not { } before ? trouble : await mailbox.CleanAsync(mail().Mark, before, stop).ConfigureAwait(false);
        }

        if (trouble.Length == 0)
        {
            await mailbox.LeaveAsync(stop).ConfigureAwait(false);
        }

        return new SeedVisit(trouble, found);
    }

    private async ValueTask<(Connection? Connection, string Host, string Fault)> ConnectAsync(SeedOptions options, CancellationToken stop)
    {
        if (!AddressText.TryParseHost(options.Imap, out var target, options.Tls is SeedTls.Implicit ? 993 : 143))
        {
            return (null, string.Empty, "the host cannot be read");
        }

        var host = target.Address?.ToString() ?? target.Name.Name;
        var addresses = target.Address is { } written ? [written] : await ways.ResolveAsync(host, stop).ConfigureAwait(false);
        var origin = target.Address is null ? AddressOrigin.Resolved : AddressOrigin.Written;
        var fault = ConnectFault.Unreachable;
        foreach (var address in addresses.Take(MaxAddresses))
        {
            var result = await new Connector(ways.Rule(), clock).ConnectAsync(source: null, new IPEndPoint(address, target.Port), origin, TimeSpan.FromSeconds(30), stop).ConfigureAwait(false);
            if (result.IsConnected)
            {
                return (result.Connection, host, string.Empty);
            }

            fault = result.Fault;
        }

        return (null, host, addresses.Count == 0 ? $"{host} has no address" : $"connecting to {host}: {fault.ToString().ToLowerInvariant()}");
    }
}
