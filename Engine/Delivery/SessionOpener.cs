using System.Net;
using System.Net.Sockets;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Wire;

namespace Engine.Delivery;

/// <summary>
/// Finds a way from a source to a destination: exchangers by preference, those of equal preference in random order, each with its
/// addresses of a family the source reaches; an idle session to any of one preference before a new connection. RFC 5321 §5.1.
/// </summary>
internal sealed class SessionOpener(SessionCache<SmtpSession> cache, HostMemory memory, TimeProvider clock, Random chance, DeliveryMeter meter)
{
    /// <summary>Addresses tried in one attempt. Beyond that a long list of dead ones would hold the recipients for many minutes.</summary>
    private const int MaxAddresses = 8;

    private long _sessions;

    /// <summary>Told when the system says that a source's address is not here.</summary>
    public Action<SourceId>? Absent { get; init; }

    /// <summary>What receivers have told us to do differently.</summary>
    public ReceiverTerms Terms { get; init; } = new(clock);

    public ValueTask<Opened> OpenAsync(OpeningNeeds needs, Source source, Destination destination, CancellationToken stop)
    {
        var provider = destination.Provider is { } id ? needs.Providers?.Find(id) : null;
        return FindWayAsync(needs with { Tls = Terms.TlsFor(needs.Tls, provider, destination.Operator) }, source, destination, stop);
    }

    private async ValueTask<Opened> FindWayAsync(OpeningNeeds needs, Source source, Destination destination, CancellationToken stop)
    {
        var last = Opened.Failed(OutcomeKind.Unreachable, null, null, new Verdict(0, new EnhancedCode(4, 4, 4), SmtpCommand.Connect, "no exchanger has an address that this source reaches"));
        var left = MaxAddresses;
        foreach (var group in destination.Hosts.GroupBy(host => host.Preference))
        {
            if (left <= 0)
            {
                break;
            }

            var (candidates, failed) = await FindAsync(needs, group, source, Terms.IsIpv4Only(destination.Operator), stop).ConfigureAwait(false);
            if (candidates.Count == 0 && failed)
            {
                last = Opened.Failed(OutcomeKind.Local, group.First().Host, null, new Verdict(0, default, SmtpCommand.Connect, "the addresses of its exchangers could not be looked up"));
            }

            foreach (var candidate in candidates)
            {
                if (Cached(needs, source, destination.Relay, candidate) is { } cached)
                {
                    return cached;
                }
            }

            foreach (var candidate in candidates.Take(left))
            {
                left--;
                last = await TryAsync(needs, source, destination.Relay, candidate, stop).ConfigureAwait(false);
                if (last.Session is not null || last.Failure is OutcomeKind.Local)
                {
                    return last;
                }
            }
        }

        return last;
    }

    private TlsPolicy PolicyFor(TlsPolicy wanted, string host) =>
        wanted is TlsPolicy.Opportunistic && memory.Look(host).HasFlag(HostFaults.Tls) ? TlsPolicy.Off : wanted;

    private static SessionKey KeyOf(OpeningNeeds needs, Source source, Relay? relay, Candidate candidate) => relay is null
        ? new SessionKey(source.Id, candidate.Address, candidate.Origin, needs.Tls) { Way = source }
        : new SessionKey(source.Id, candidate.Address, candidate.Origin, relay.Options.Tls, Relay: $"{relay.Name}/{relay.Login?.User}") { Way = source };

    private Opened? Cached(OpeningNeeds needs, Source source, Relay? relay, Candidate candidate)
    {
        var key = KeyOf(needs, source, relay, candidate);
        if (!needs.Connector.Allows(candidate.Address, candidate.Origin))
        {
            return null;
        }

#pragma warning disable CA2000 // The caller owns what is opened.
        return cache.TryTake(key, out var session)
            ? new Opened(session, key, candidate.Host, IsReused: true, session.Number, OutcomeKind.Local, Verdict.None)
            : null;
#pragma warning restore CA2000
    }

    private async ValueTask<(List<Candidate> Candidates, bool Failed)> FindAsync(OpeningNeeds needs, IEnumerable<ExchangerHost> group, Source source, bool isIpv4Only, CancellationToken stop)
    {
        var hosts = group.ToArray();
        chance.Shuffle(hosts);
        var candidates = new List<Candidate>();
        var failed = false;
        foreach (var host in hosts)
        {
            if (candidates.Count >= MaxAddresses)
            {
                break;
            }

            if (host.Literal is { } literal)
            {
                candidates.Add(new Candidate(host.Host, new IPEndPoint(literal, host.Port), AddressOrigin.Written));
                continue;
            }

            var answer = await needs.Dns.FindAddressesAsync(host.Name, stop).ConfigureAwait(false);
            failed |= answer.Status is LookupStatus.Failed;
            candidates.AddRange(AddressChoice.Order(answer.Addresses, needs.Family).Select(address => new Candidate(host.Host, new IPEndPoint(address, host.Port), AddressOrigin.Resolved)));
        }

        candidates.RemoveAll(candidate => !source.Reaches(candidate.Address.AddressFamily) || (isIpv4Only && candidate.Address.AddressFamily is not AddressFamily.InterNetwork));
        return (candidates, failed);
    }

    private async ValueTask<Opened> TryAsync(OpeningNeeds needs, Source source, Relay? relay, Candidate candidate, CancellationToken stop)
    {
        var policy = PolicyFor(relay?.Options.Tls ?? needs.Tls, candidate.Host);
        var opened = await ConnectAsync(needs, source, relay, candidate, policy, stop).ConfigureAwait(false);
        if (opened.Verdict.Command is SmtpCommand.StartTls && opened.Session is null && policy is TlsPolicy.Opportunistic && opened.Failure is OutcomeKind.Unreachable)
        {
            // RFC 7435: opportunistic means that a broken TLS is no worse than none.
            memory.Learn(candidate.Host, HostFaults.Tls);
            opened = await ConnectAsync(needs, source, relay, candidate, TlsPolicy.Off, stop).ConfigureAwait(false);
        }

        return opened;
    }

    private static ValueTask<ConnectResult> ReachAsync(OpeningNeeds needs, Source source, Candidate candidate, CancellationToken stop) => source.Proxy is { } proxy
        ? needs.Connector.ConnectOverAsync(new ProxyRoute(proxy, source.Address!), candidate.Address, candidate.Origin, needs.Timeouts.Connect, stop)
        : needs.Connector.ConnectAsync(source.Bind, candidate.Address, candidate.Origin, needs.Timeouts.Connect, stop);

    // The password goes in the clear only where the operator said so for this relay, and only to this very host.
    private static SessionSettings SettingsFor(OpeningNeeds needs, Source source, Relay? relay, Candidate candidate, TlsPolicy policy) =>
        new(source.Ehlo, candidate.Host, policy, needs.Timeouts)
        {
            Login = relay?.Login,
            MayLogInClear = relay is { Options.Tls: TlsPolicy.Off } && IPAddress.IsLoopback(candidate.Address.Address),
            Self = relay is null ? null : needs.Self,
        };

    private async ValueTask<Opened> ConnectAsync(OpeningNeeds needs, Source source, Relay? relay, Candidate candidate, TlsPolicy policy, CancellationToken stop)
    {
        var connected = await ReachAsync(needs, source, candidate, stop).ConfigureAwait(false);
        if (!connected.IsConnected)
        {
            meter.ConnectFailed(source.Name, connected.Fault);
            if (connected.Fault is ConnectFault.NoSource && source.Reaches(candidate.Address.AddressFamily))
            {
                Absent?.Invoke(source.Id);
            }

            var text = $"connecting to {candidate.Host} [{candidate.Address.Address}]: {ConnectWords.Of(connected.Fault)}";
            return Opened.Failed(connected.IsLocal ? OutcomeKind.Local : OutcomeKind.Unreachable, candidate.Host, candidate.Address, new Verdict(0, new EnhancedCode(4, 4, 1), SmtpCommand.Connect, text));
        }

        SmtpSession? session = null;
        try
        {
#pragma warning disable CA2000 // Disposed below on every path but success, where it is the caller's.
            session = new SmtpSession(connected.Connection, SettingsFor(needs, source, relay, candidate, policy), memory, clock) { Number = Interlocked.Increment(ref _sessions) };
#pragma warning restore CA2000
            var result = await session.OpenAsync(stop).ConfigureAwait(false);
            if (result.State is not OpenState.Ready)
            {
                meter.ConnectFailed(source.Name, result.State);
                return Opened.Failed(FailureOf(result), candidate.Host, candidate.Address, result.Verdict);
            }

            var opened = new Opened(session, KeyOf(needs, source, relay, candidate), candidate.Host, IsReused: false, session.Number, OutcomeKind.Local, Verdict.None);
            session = null;
            return opened;
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // What a host says before it has heard of the message is about the address it comes from: never the end of a recipient, see OutcomeJudge.
    private static OutcomeKind FailureOf(OpenResult result) =>
        result.State is OpenState.Refused && result.Verdict.Code >= 400 ? OutcomeKind.Refused : OutcomeKind.Unreachable;

    private readonly record struct Candidate(string Host, IPEndPoint Address, AddressOrigin Origin);
}
