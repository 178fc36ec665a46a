using System.Runtime.CompilerServices;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>
/// Says where a domain's mail goes: its route in the configuration, else its exchangers (RFC 5321 §5.1) and what the domain asks of TLS towards them.
/// A decision hangs on the resolver's cached answer and holds while the requirement is the same, so that asking again costs three look-ups and no allocation. Thread-safe.
/// </summary>
internal sealed class Router
{
    // A zone can list hundreds; the best of them are enough to try, and each costs two questions.
    private const int MaxHosts = 16;

    private static readonly TimeSpan FailedFor = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private IMailDns _dns;
    private State _state;

    public Router(IMailDns dns, TimeProvider clock, Random chance, Snapshot snapshot)
    {
        (_dns, _clock, _chance) = (dns, clock, chance);
        Destinations = new DestinationTable(clock);
        _state = StateOf(snapshot);
    }

    public DestinationTable Destinations { get; init; }

    /// <summary>Knows what domains ask of TLS; null asks nobody. Not asked about domains that follow a route.</summary>
    public ITlsRequirements? Requirements { get; init; }

    public void Load(IMailDns dns, Snapshot snapshot)
    {
        Volatile.Write(ref _dns, dns);
        Volatile.Write(ref _state, StateOf(snapshot));
    }

    public ValueTask<RouteDecision> RouteAsync(DomainName domain, CancellationToken stop)
    {
        var state = Volatile.Read(ref _state);
        if (state.Table.Find(domain) is { } route)
        {
            return new ValueTask<RouteDecision>(ByRoute(state, domain, route));
        }

        var asked = Volatile.Read(ref _dns).FindExchangersAsync(domain, stop);
        return asked.IsCompletedSuccessfully ? RequireAsync(state, domain, asked.Result, stop) : AwaitAsync(asked, state, domain, stop);
    }

    // Apart: what it captures would cost memory for every domain.
    private RouteDecision ByRoute(State state, DomainName domain, RouteOptions route)
    {
        var decision = state.ByRoute.GetValue(route, options => Decide(state, domain, options));
        if (IsDropped(decision))
        {
            decision = Decide(state, domain, route);
            state.ByRoute.AddOrUpdate(route, decision);
        }

        return decision;
    }

    // Its number leads nowhere any more. Looking counts as use.
    private bool IsDropped(RouteDecision decision) => decision.Destination is { } known && Destinations.Find(known.Id) is null;

    private async ValueTask<RouteDecision> AwaitAsync(ValueTask<MxAnswer> asked, State state, DomainName domain, CancellationToken stop) =>
        await RequireAsync(state, domain, await asked.ConfigureAwait(false), stop).ConfigureAwait(false);

    private ValueTask<RouteDecision> RequireAsync(State state, DomainName domain, MxAnswer answer, CancellationToken stop)
    {
        if (Requirements is null || answer.Status is not LookupStatus.Found)
        {
            return new ValueTask<RouteDecision>(DecisionOf(state, domain, answer, TlsRequirement.None));
        }

        var required = Requirements.FindAsync(domain, answer, stop);
        return required.IsCompletedSuccessfully
            ? new ValueTask<RouteDecision>(DecisionOf(state, domain, answer, required.Result))
            : AwaitAsync(required, state, domain, answer);
    }

    private async ValueTask<RouteDecision> AwaitAsync(ValueTask<TlsRequirement> required, State state, DomainName domain, MxAnswer answer) =>
        DecisionOf(state, domain, answer, await required.ConfigureAwait(false));

    private RouteDecision DecisionOf(State state, DomainName domain, MxAnswer answer, TlsRequirement tls)
    {
        if (!state.ByAnswer.TryGetValue(answer, out var decision) || (decision.Destination is { } known && !known.Tls.Equals(tls)) || IsDropped(decision))
        {
            decision = Decide(state, domain, answer, tls);

            // A failure's answer may be one object for many domains; it is judged each time.
            if (answer.Status is LookupStatus.Found)
            {
                state.ByAnswer.AddOrUpdate(answer, decision);
            }
        }

        return decision;
    }

    private RouteDecision Decide(State state, DomainName domain, RouteOptions route) => route.Action switch
    {
        RouteAction.Hold => new RouteDecision(RouteVerdict.Hold, null, default, "held by its route", DateTimeOffset.MaxValue),
        RouteAction.Discard => new RouteDecision(RouteVerdict.Discard, null, default, "discarded by its route", DateTimeOffset.MaxValue),
        _ => new RouteDecision(RouteVerdict.Send, Follow(state, domain, route), default, string.Empty, DateTimeOffset.MaxValue) { IsOwnRoute = !state.Table.IsForAny(route) },
    };

    private RouteDecision Decide(State state, DomainName domain, MxAnswer answer, TlsRequirement tls) => answer.Status switch
    {
        LookupStatus.Found => DecideHosts(state, domain, answer, tls),
        LookupStatus.NullMx => Refuse(new EnhancedCode(5, 1, 10), $"{domain} takes no mail (null MX, RFC 7505)", answer),
        LookupStatus.NoSuchDomain => Refuse(new EnhancedCode(5, 1, 2), $"{domain} does not exist", answer),
        LookupStatus.NoData => Refuse(new EnhancedCode(5, 1, 2), $"{domain} has neither an MX nor an address", answer),
        _ => new RouteDecision(RouteVerdict.TryLater, null, new EnhancedCode(4, 4, 3), $"the exchangers of {domain} could not be looked up", _clock.GetUtcNow() + FailedFor),
    };

    private RouteDecision DecideHosts(State state, DomainName domain, MxAnswer answer, TlsRequirement tls)
    {
        var plan = answer.IsImplicit ? new ExchangerPlan(answer.Hosts, LoopsBack: false) : ExchangerOrder.Arrange(answer.Hosts, state.Table.Self, static _ => [], _chance);
        return plan.LoopsBack
            ? Refuse(new EnhancedCode(5, 4, 6), "its best exchanger is this host: mail would loop", answer)
            : new RouteDecision(RouteVerdict.Send, Intern(state, domain, [.. plan.Hosts.Take(MaxHosts)], tls), default, string.Empty, answer.Expires);
    }

    private Destination Intern(State state, DomainName domain, IReadOnlyList<MailExchanger> hosts, TlsRequirement tls)
    {
        var ordered = hosts.OrderBy(host => host.Preference).ThenBy(host => host.Host.Name, StringComparer.Ordinal).ToArray();
        var provider = ProviderOf(state, [.. ordered.Select(host => host.Host.Name)], domain);
        return Destinations.Intern(ordered[0].Host.Name, provider?.Id, provider?.RollupByHost ?? false, [.. ordered.Select(host => new ExchangerHost(host.Preference, host.Host.Name, null, state.Table.Port))], tls);
    }

    // A smart host for everything is nobody's provider but its own.
    private Destination Follow(State state, DomainName domain, RouteOptions route)
    {
        var hosts = state.Table.HostsOf(route);
        var provider = ProviderOf(state, [.. hosts.Select(host => host.Host)], state.Table.IsForAny(route) ? default : domain);
        return Destinations.Intern(route.Hosts[0], provider?.Id, provider?.RollupByHost ?? false, hosts);
    }

    // All hosts must be the provider's: who names one of its hosts beside his own would speak for it to all our mail there.
    private static Provider? ProviderOf(State state, IReadOnlyList<string> hosts, DomainName domain)
    {
        var first = state.Providers.OfExchanger(hosts[0]);
        if (first is not null && hosts.Skip(1).All(host => state.Providers.OfExchanger(host) == first))
        {
            return first;
        }

        return domain.IsEmpty ? null : state.Providers.OfDomain(domain);
    }

    private static RouteDecision Refuse(EnhancedCode enhanced, string text, MxAnswer answer) =>
        new(RouteVerdict.Unroutable, null, enhanced, text, answer.Expires);

    private static State StateOf(Snapshot snapshot) => new(new RouteTable(snapshot.Options), snapshot.Providers);

    private sealed record State(RouteTable Table, ProviderBook Providers)
    {
        public ConditionalWeakTable<MxAnswer, RouteDecision> ByAnswer { get; } = [];

        public ConditionalWeakTable<RouteOptions, RouteDecision> ByRoute { get; } = [];
    }
}
