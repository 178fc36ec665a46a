using System.Net;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Smtp;
using Engine.Delivery.Sts;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Wire;

namespace Engine.Delivery;

/// <summary>Speaks with the exchangers of a destination up to EHLO within TLS, and says what mail would meet there. Sends none, remembers and reports nothing. Thread-safe.</summary>
/// <param name="needs">In force; its time limits are shortened.</param>
/// <param name="clock">Measures time, dates certificates.</param>
internal sealed class ExchangerProbe(OpeningNeeds needs, TimeProvider clock)
{
    /// <summary>Addresses spoken with, all at once.</summary>
    public const int MaxAddresses = 16;

    private const int MaxNames = 20;

    // A person waits.
    private static readonly TimeoutOptions Limits = new() { Connect = TimeSpan.FromSeconds(10), Greeting = TimeSpan.FromSeconds(20), Ehlo = TimeSpan.FromSeconds(20) };

    /// <param name="domain">The recipient domain.</param>
    /// <param name="destination">Where its mail goes.</param>
    /// <param name="source">Where it leaves from.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<IReadOnlyList<ProbedHost>> ProbeAsync(DomainName domain, Destination destination, Source source, CancellationToken stop)
    {
        var found = new List<(ExchangerHost Host, IPAddress? Address, DaneAnswer Dane)>();
        foreach (var host in destination.Hosts)
        {
            if (found.Count >= MaxAddresses)
            {
                break;
            }

            found.AddRange(await FindAsync(destination, host, source, stop).ConfigureAwait(false));
        }

        return await Task.WhenAll(found.Take(MaxAddresses).Select(one => LookAsync(domain, destination, source, one.Host, one.Address, one.Dane, stop))).ConfigureAwait(false);
    }

    private async ValueTask<IEnumerable<(ExchangerHost, IPAddress?, DaneAnswer)>> FindAsync(Destination destination, ExchangerHost host, Source source, CancellationToken stop)
    {
        if (host.Literal is { } literal)
        {
            return [(host, literal, DaneAnswer.None)];
        }

        var answer = await needs.Dns.FindAddressesAsync(host.Name, stop).ConfigureAwait(false);
        var dane = needs.Dane is { } desk && destination.Tls.IsMxAuthentic && answer.Status is LookupStatus.Found
            ? await desk.FindAsync(host.Host, host.Port, answer, stop).ConfigureAwait(false)
            : DaneAnswer.None;
        var reached = AddressChoice.Order(answer.Addresses, needs.Family).Where(address => source.Reaches(address.AddressFamily)).Select(address => (host, (IPAddress?)address, dane)).ToArray();
        return reached.Length > 0 ? reached : [(host, null, dane)];
    }

    private async Task<ProbedHost> LookAsync(DomainName domain, Destination destination, Source source, ExchangerHost host, IPAddress? address, DaneAnswer dane, CancellationToken stop)
    {
        var isSure = host.Literal is not null || host.Host == domain.Name;
        var demand = TlsTerms.Choose(new HostFacts(host.Host, needs.Tls, TlsWish.Usual, destination.Tls, dane, isSure));
        var seen = new ProbedHost(host.Preference, host.Host, address) { Dane = string.Empty, Sts = string.Empty, Verdict = string.Empty };
        if (address is null)
        {
            return seen with { Dane = DaneOf(dane, null), Sts = StsOf(destination.Tls, host.Host, null), Verdict = "no address that this source reaches" };
        }

        var target = new IPEndPoint(address, host.Port);
        var origin = host.Literal is null ? AddressOrigin.Resolved : AddressOrigin.Written;
        var connected = source.Proxy is { } proxy
            ? await needs.Connector.ConnectOverAsync(new ProxyRoute(proxy, source.Address!), target, origin, Limits.Connect, stop).ConfigureAwait(false)
            : await needs.Connector.ConnectAsync(source.Bind, target, origin, Limits.Connect, stop).ConfigureAwait(false);
        if (!connected.IsConnected)
        {
            return seen with { Dane = DaneOf(dane, null), Sts = StsOf(destination.Tls, host.Host, null), Verdict = ConnectWords.Of(connected.Fault) };
        }

        var shown = default(ProbedCertificate);
        var held = default(DaneVerdict?);
        var check = new ServerCheck(TlsDemand.Opportunistic, host.Host, needs.Roots, clock)
        {
            Shown = (leaf, sent, pkix) =>
            {
                shown = new ProbedCertificate(CertificateNames.Of(leaf, MaxNames), leaf.Issuer, leaf.NotBefore, leaf.NotAfter, pkix.Reason);
                held = dane.Tlsa is { Usable.Count: > 0 } tlsa ? DaneMatch.Check(tlsa, leaf, sent, [tlsa.Name, host.Host], clock.GetUtcNow()) : null;
            },
        };
        var session = new SmtpSession(connected.Connection, new SessionSettings(source.Ehlo, host.Host, TlsPolicy.Opportunistic, Limits) { Check = check }, new HostMemory(clock, TimeSpan.FromMinutes(1)), clock);
        await using (session.ConfigureAwait(false))
        {
            var result = await session.OpenAsync(stop).ConfigureAwait(false);
            var (isUsable, verdict) = Judge(demand, result, session.Tls is not null, shown, held);
            return seen with
            {
                PeerName = session.PeerName,
                Offers = session.Offer.Extensions,
                Tls = session.Tls,
                Certificate = shown,
                Dane = DaneOf(dane, held),
                Sts = StsOf(destination.Tls, host.Host, shown),
                IsUsable = isUsable,
                Verdict = verdict,
            };
        }
    }

    private static (bool IsUsable, string Verdict) Judge(TlsDemand demand, in OpenResult result, bool isEncrypted, ProbedCertificate? shown, DaneVerdict? held) => result.State switch
    {
        OpenState.Ready or OpenState.TlsFailed when demand.Refusal is { } refusal => (false, $"not used: {ProofWords.PolicyOf(demand)}: {refusal}"),
        OpenState.TlsFailed when !demand.MayBeClear => (false, $"not used: {result.Verdict.Text}"),
        OpenState.TlsFailed => (true, $"used in the clear: {result.Verdict.Text}"),
        not OpenState.Ready => (false, result.Verdict.Code > 0 ? $"{result.Verdict.Code} {result.Verdict.Text}" : result.Verdict.Text ?? result.State.ToString()),
        _ when !isEncrypted => demand.MayBeClear ? (true, "used in the clear: STARTTLS is not offered") : (false, $"not used: {ProofWords.PolicyOf(demand)}: STARTTLS is not offered"),
        _ => demand switch
        {
            { Level: TlsPolicy.Off } => (true, "used in the clear: delivery.tls.policy is off"),
            { Level: TlsPolicy.Verified, Proof: TlsProof.Dane } => held is { Holds: true } ? (true, "used: dane") : (false, $"not used: DANE: {held?.Reason}"),
            { Level: TlsPolicy.Verified } => shown is { Pkix: "" } ? (true, $"used: {ProofWords.Of(demand.Proof)}") : (false, $"not used: {ProofWords.PolicyOf(demand)}: {shown?.Pkix}"),
            _ => (true, "used: any certificate"),
        },
    };

    private static string DaneOf(DaneAnswer dane, DaneVerdict? held) => (dane, held) switch
    {
        ({ State: DaneState.Failed }, _) => $"the TLSA records of {dane.Name} could not be looked up or validated",
        ({ State: DaneState.Unanswered }, _) => $"no resolver answered about the TLSA records of {dane.Name}",
        ({ Tlsa: null }, _) => "none",
        ({ Tlsa.Usable.Count: 0 }, _) => $"the TLSA records of {dane.Name} cannot be used",
        (_, null) => $"TLSA records at {dane.Name}, not held against anything",
        (_, { Holds: true }) => $"holds: {dane.Name} {held.GetValueOrDefault().Record}",
        _ => $"does not hold: {held.GetValueOrDefault().Reason}",
    };

    private static string StsOf(TlsRequirement requirement, string host, ProbedCertificate? shown) => requirement.Sts switch
    {
        StsMode.None => "none",
        var mode when !StsMatch.Matches(host, requirement.MxPatterns) => $"{Of(mode)}: does not name this host",
        var mode when shown is null => $"{Of(mode)}: names this host, which shows no certificate",
        var mode => shown.Pkix.Length == 0 ? $"{Of(mode)}: holds" : $"{Of(mode)}: {shown.Pkix}",
    };

    private static string Of(StsMode mode) => mode is StsMode.Enforce ? "enforce" : "testing";
}
