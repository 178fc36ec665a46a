using System.Net;
using System.Net.Sockets;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Wire;

namespace Engine.Delivery;

/// <summary>
/// Finds a way from a source to a destination: exchangers by preference, those of equal preference in random order, each with its
/// addresses of a family the source reaches, and with what TLS must come to there; an idle session to any of one preference before a new
/// connection. RFC 5321 §5.1. A host that does not come to it is passed over; none is ever used with less.
/// </summary>
internal sealed class SessionOpener(SessionCache<SmtpSession> cache, HostMemory memory, TimeProvider clock, Random chance, DeliveryMeter meter)
{
    /// <summary>Addresses tried in one attempt. Beyond that a long list of dead ones would hold the recipients for many minutes.</summary>
    private const int MaxAddresses = 8;

    private readonly TlsTally _tally = new(null);
    private long _sessions;

    /// <summary>Told when the system says that a source's address is not here.</summary>
    public Action<SourceId>? Absent { get; init; }

    /// <summary>What receivers have told us to do differently.</summary>
    public ReceiverTerms Terms { get; init; } = new(clock);

    /// <summary>Hears what TLS came to; null tells nobody.</summary>
    public ITlsResults? Results
    {
        init => _tally = new TlsTally(value);
    }

    /// <param name="needs">In force.</param>
    /// <param name="source">Where it leaves from.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="wish">Of the mail that is to go first.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask<Opened> OpenAsync(OpeningNeeds needs, Source source, Destination destination, SessionWish wish, CancellationToken stop)
    {
        var policy = PolicyFor(needs, destination);
        var opened = await FindWayAsync(new Way(needs with { Tls = policy }, source, destination, wish), stop).ConfigureAwait(false);
        return opened with { Wish = wish, Needs = needs, Policy = policy };
    }

    /// <summary>Whether a session was opened under what is in force now: no reload, and no receiver, has asked for something else since. Else open again, which finds it where it is good enough. Allocates nothing.</summary>
    public bool IsInForce(Opened opened, OpeningNeeds needs, Destination destination) => ReferenceEquals(opened.Needs, needs) && opened.Policy == PolicyFor(needs, destination);

    private TlsPolicy PolicyFor(OpeningNeeds needs, Destination destination)
    {
        var provider = destination.Provider is { } id ? needs.Providers?.Find(id) : null;
        return destination.Relay?.Options.Tls ?? Terms.TlsFor(needs.Tls, provider, destination.Operator);
    }

    private async ValueTask<Opened> FindWayAsync(Way way, CancellationToken stop)
    {
        var last = Opened.Failed(OutcomeKind.Unreachable, null, null, new Verdict(0, new EnhancedCode(4, 4, 4), SmtpCommand.Connect, "no exchanger has an address that this source reaches"));
        var left = MaxAddresses;
        var tried = new HashSet<(string Host, int Port)>();
        var (isFinal, isLacking, hasConnected) = (true, false, false);
        Opened? ours = null;
        foreach (var group in way.Destination.Hosts.GroupBy(host => host.Preference))
        {
            if (left <= 0)
            {
                break;
            }

            var (candidates, failed) = await FindAsync(way, group, stop).ConfigureAwait(false);
            if (candidates.Count == 0 && failed)
            {
                last = Opened.Failed(OutcomeKind.Local, group.First().Host, null, new Verdict(0, default, SmtpCommand.Connect, "the addresses of its exchangers could not be looked up"));
            }

            foreach (var candidate in candidates)
            {
                if (Cached(way, candidate) is { } cached)
                {
                    return cached;
                }
            }

            foreach (var candidate in candidates.Take(left))
            {
                left--;
                last = await TryAsync(way, candidate, stop).ConfigureAwait(false);
                isFinal &= last.IsFinal && !candidate.Demand.IsOurTrouble;
                isLacking |= last.IsLacking;
                hasConnected |= candidate.Demand.Refusal is null;
                tried.Add((candidate.Host, candidate.Address.Port));
                ours = candidate.Demand.IsOurTrouble ? last : ours;
                if (last.Session is not null || (last.Failure is OutcomeKind.Local && !candidate.Demand.IsOurTrouble))
                {
                    return last;
                }
            }
        }

        // Where our resolver kept us from a host, that no other could be reached is not the receiver's doing.
        last = (last.Failure is OutcomeKind.Unreachable ? ours ?? last : last) with { IsLacking = isLacking, HasConnected = hasConnected };
        return isFinal && way.Destination.Hosts.All(host => tried.Contains((host.Host, host.Port))) ? EndOf(way, last) : last;
    }

    // RFC 8689 §4.2.1: who asked for REQUIRETLS gets the message back where no host can do it. One that was not tried, not looked up or not reached may be able to.
    private static Opened EndOf(Way way, Opened last) => way.Wish.Tls is TlsWish.Required
        ? last with { Failure = OutcomeKind.NotOffered, Verdict = new Verdict(0, new EnhancedCode(5, 7, 30), SmtpCommand.None, last.Verdict.Text) }
        : last;

    private static SessionKey KeyOf(Way way, Candidate candidate) => new(
        way.Source.Id,
        candidate.Address,
        candidate.Origin,
        candidate.Demand.Level,
        candidate.Demand.Key,
        way.Destination.Relay is { } relay ? $"{relay.Name}/{relay.Login?.User}" : string.Empty)
    {
        Way = way.Source,
    };

    private Opened? Cached(Way way, Candidate candidate)
    {
        if (candidate.Demand.Refusal is not null || !way.Needs.Connector.Allows(candidate.Address, candidate.Origin))
        {
            return null;
        }

        var key = KeyOf(way, candidate);
#pragma warning disable CA2000 // The caller owns what is opened.
        return cache.TryTake(key, out var session)
            ? new Opened(session, key, candidate.Host, IsReused: true, session.Number, OutcomeKind.Local, Verdict.None)
            : null;
#pragma warning restore CA2000
    }

    private async ValueTask<(List<Candidate> Candidates, bool Failed)> FindAsync(Way way, IEnumerable<ExchangerHost> group, CancellationToken stop)
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
                candidates.Add(new Candidate(host.Host, new IPEndPoint(literal, host.Port), AddressOrigin.Written, DemandOf(way, host, DaneAnswer.None)));
                continue;
            }

            var answer = await way.Needs.Dns.FindAddressesAsync(host.Name, stop).ConfigureAwait(false);
            failed |= answer.Status is LookupStatus.Failed;
            if (answer.Status is LookupStatus.Found)
            {
                var demand = DemandOf(way, host, await FindTlsaAsync(way, host, answer, stop).ConfigureAwait(false));
                candidates.AddRange(AddressChoice.Order(answer.Addresses, way.Needs.Family).Select(address => new Candidate(host.Host, new IPEndPoint(address, host.Port), AddressOrigin.Resolved, demand)));
            }
        }

        var isIpv4Only = Terms.IsIpv4Only(way.Destination.Operator);
        candidates.RemoveAll(candidate => !way.Source.Reaches(candidate.Address.AddressFamily) || (isIpv4Only && candidate.Address.AddressFamily is not AddressFamily.InterNetwork));
        KeepOneOfRefused(candidates);
        return (candidates, failed);
    }

    // A host that must not be used is not one try for each of its addresses.
    private static void KeepOneOfRefused(List<Candidate> candidates)
    {
        for (var index = candidates.Count - 1; index > 0; index--)
        {
            if (candidates[index].Demand.Refusal is not null && candidates[index - 1].Host == candidates[index].Host)
            {
                candidates.RemoveAt(index);
            }
        }
    }

    private static ValueTask<DaneAnswer> FindTlsaAsync(Way way, ExchangerHost host, AddressAnswer addresses, CancellationToken stop) =>
        way.Needs.Dane is { } dane && way.Destination is { Relay: null, Tls.IsMxAuthentic: true } && way.Wish.Tls is not TlsWish.Optional && way.Needs.Tls is not TlsPolicy.Off
            ? dane.FindAsync(host.Host, host.Port, addresses, stop)
            : new ValueTask<DaneAnswer>(DaneAnswer.None);

    private static TlsDemand DemandOf(Way way, ExchangerHost host, DaneAnswer dane) => TlsTerms.Choose(new HostFacts(
        host.Host,
        way.Needs.Tls,
        way.Wish.Tls,
        way.Destination.Relay is null ? way.Destination.Tls : TlsRequirement.None,
        dane,
        IsNameSure: way.Destination.Relay is not null || host.IsWritten || host.Literal is not null || host.Host == way.Wish.Domain.Name));

    private async ValueTask<Opened> TryAsync(Way way, Candidate candidate, CancellationToken stop)
    {
        if (candidate.Demand is { IsOurTrouble: true, Refusal: { } trouble })
        {
            var text = $"{candidate.Host} is not used: {trouble}";
            return Opened.Failed(OutcomeKind.Local, candidate.Host, null, new Verdict(0, default, SmtpCommand.Connect, text));
        }

        if (candidate.Demand.Refusal is { } refusal)
        {
            _tally.Refused(way.Wish.Domain, way.Destination.Tls, candidate.Demand, candidate.Host, way.Source.Address);
            return Lacking(candidate, refusal) with { IsFinal = candidate.Demand.IsRefusedForGood };
        }

        // What is remembered of a host counts where nothing but opportunism asks for TLS.
        var demand = candidate.Demand.IsPlain && memory.Look(candidate.Host).HasFlag(HostFaults.Tls) ? TlsDemand.Off : candidate.Demand;
        var opened = await ConnectAsync(way, candidate, demand, stop).ConfigureAwait(false);
        if (opened.Verdict.Command is SmtpCommand.StartTls && opened.Session is null && demand.Level is TlsPolicy.Opportunistic && opened.Failure is OutcomeKind.Unreachable)
        {
            // RFC 7435: opportunistic means that a broken TLS is no worse than none.
            memory.Learn(candidate.Host, HostFaults.Tls);
            opened = await ConnectAsync(way, candidate, TlsDemand.Off, stop).ConfigureAwait(false);
        }

        return opened;
    }

    private static ValueTask<ConnectResult> ReachAsync(Way way, Candidate candidate, CancellationToken stop) => way.Source.Proxy is { } proxy
        ? way.Needs.Connector.ConnectOverAsync(new ProxyRoute(proxy, way.Source.Address!), candidate.Address, candidate.Origin, way.Needs.Timeouts.Connect, stop)
        : way.Needs.Connector.ConnectAsync(way.Source.Bind, candidate.Address, candidate.Origin, way.Needs.Timeouts.Connect, stop);

    // The password goes in the clear only where the operator said so for this relay, and only to this very host.
    private static SessionSettings SettingsFor(Way way, Candidate candidate, TlsDemand demand, ServerCheck check) =>
        new(way.Source.Ehlo, candidate.Host, demand.Level, way.Needs.Timeouts)
        {
            Check = check,
            NeedsRequireTls = demand.NeedsRequireTls,
            Login = way.Destination.Relay?.Login,
            MayLogInClear = way.Destination.Relay is { Options.Tls: TlsPolicy.Off } && IPAddress.IsLoopback(candidate.Address.Address),
            Self = way.Destination.Relay is null ? null : way.Needs.Self,
        };

    private async ValueTask<Opened> ConnectAsync(Way way, Candidate candidate, TlsDemand demand, CancellationToken stop)
    {
        var connected = await ReachAsync(way, candidate, stop).ConfigureAwait(false);
        if (!connected.IsConnected)
        {
            return NotConnected(way, candidate, connected);
        }

        SmtpSession? session = null;
        try
        {
            var check = new ServerCheck(demand, candidate.Host, way.Needs.Roots, clock);
#pragma warning disable CA2000 // Disposed below on every path but success, where it is the caller's.
            session = new SmtpSession(connected.Connection, SettingsFor(way, candidate, demand, check), memory, clock) { Number = Interlocked.Increment(ref _sessions) };
#pragma warning restore CA2000
            var result = await session.OpenAsync(stop).ConfigureAwait(false);
            if (way.Destination.Relay is null)
            {
                var parties = new TlsParties(way.Source.Address, candidate.Host, candidate.Address.Address, session.PeerName);
                _tally.Opened(way.Wish.Domain, way.Destination.Tls, demand, result, session.Tls is not null, check, parties);
            }

            if (result.State is not OpenState.Ready)
            {
                meter.ConnectFailed(way.Source.Name, result.State);
                return NotReady(candidate, demand, result, check);
            }

            var opened = new Opened(session, KeyOf(way, candidate), candidate.Host, IsReused: false, session.Number, OutcomeKind.Local, Verdict.None);
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

    private Opened NotConnected(Way way, Candidate candidate, in ConnectResult connected)
    {
        meter.ConnectFailed(way.Source.Name, connected.Fault);
        if (connected.Fault is ConnectFault.NoSource && way.Source.Reaches(candidate.Address.AddressFamily))
        {
            Absent?.Invoke(way.Source.Id);
        }

        var text = $"connecting to {candidate.Host} [{candidate.Address.Address}]: {ConnectWords.Of(connected.Fault)}";
        return Opened.Failed(connected.IsLocal ? OutcomeKind.Local : OutcomeKind.Unreachable, candidate.Host, candidate.Address, new Verdict(0, new EnhancedCode(4, 4, 1), SmtpCommand.Connect, text));
    }

    private static Opened NotReady(Candidate candidate, TlsDemand demand, in OpenResult result, ServerCheck check)
    {
        if (!demand.MayBeClear && (result.State is OpenState.TlsFailed or OpenState.NoTls or OpenState.NoRequireTls or OpenState.NoEhlo || result is { State: OpenState.Refused, Verdict: { Command: SmtpCommand.StartTls, Code: not 421 } }))
        {
            // A handshake that broke on the network may go better next time. What comes in the clear may be anybody's, and certificates are renewed.
            return Lacking(candidate, result.Verdict is { Code: > 0 and var code } ? $"STARTTLS is refused: {code} {result.Verdict.Text}" : result.Verdict.Text) with
            {
                IsLacking = result.State is not OpenState.TlsFailed || check.Failure is not TlsFailure.None,
                IsFinal = result.State is OpenState.NoRequireTls && check.Proof is not TlsProof.None,
            };
        }

        // What a host says before it has heard of the message is about the address it comes from: never the end of a recipient, see OutcomeJudge.
        var kind = result is { State: OpenState.Refused, Verdict.Code: >= 400 } ? OutcomeKind.Refused : OutcomeKind.Unreachable;
        return Opened.Failed(kind, candidate.Host, candidate.Address, result.Verdict);
    }

    // X.7.5, cryptographic failure: RFC 3463 §3.8. Never a 5: keys and records are mended.
    private static Opened Lacking(Candidate candidate, string? what)
    {
        var text = $"{ProofWords.PolicyOf(candidate.Demand)}, {candidate.Host} [{candidate.Address.Address}]: {what}";
        return Opened.Failed(OutcomeKind.Unreachable, candidate.Host, candidate.Address, new Verdict(0, new EnhancedCode(4, 7, 5), SmtpCommand.StartTls, text)) with { IsLacking = true };
    }

    private readonly record struct Candidate(string Host, IPEndPoint Address, AddressOrigin Origin, TlsDemand Demand);

    private sealed record Way(OpeningNeeds Needs, Source Source, Destination Destination, SessionWish Wish);
}
