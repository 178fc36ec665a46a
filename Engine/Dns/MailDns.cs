using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>The questions delivery asks, over a stub resolver of our own. Thread-safe.</summary>
/// <remarks>
/// A changed configuration makes a new one, and nothing is kept: other resolvers may see another world (split horizon, validation), so
/// their predecessor's answers do not count. Ask <see cref="Serves"/> first. Dispose the old one when nobody asks it any more.
/// </remarks>
internal sealed class MailDns : IMailDns, IAsyncDisposable
{
    private readonly DnsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<CacheKey, CancellationToken, Task<IAnswer>> _askExchangers;
    private readonly Func<CacheKey, CancellationToken, Task<IAnswer>> _askAddresses;

    /// <inheritdoc cref="DnsClient(DnsOptions, TimeProvider, Random, ILogger)"/>
    public MailDns(DnsOptions options, TimeProvider clock, Random chance, ILogger logger)
    {
        _options = options;
        _clock = clock;
        Client = new DnsClient(options, clock, chance, logger);
        _askExchangers = async (key, stop) => await AskExchangersAsync(key.Name, stop);
        _askAddresses = async (key, stop) => await AskAddressesAsync(key.Name, stop);
    }

    /// <summary>For all other questions (TXT, TLSA, PTR), over the same resolvers and cache. Owned by this.</summary>
    public DnsClient Client { get; }

    /// <summary>True when these options say what this one was built with, so that it, and its cache, can stay.</summary>
    public bool Serves(DnsOptions options) =>
        options.Servers.SequenceEqual(_options.Servers) && options with { Servers = _options.Servers } == _options;

    public ValueTask<MxAnswer> FindExchangersAsync(DomainName domain, CancellationToken stop) =>
        Client.Lookups.FindAsync<MxAnswer>(CacheKey.Exchangers(domain), _askExchangers, stop);

    public ValueTask<AddressAnswer> FindAddressesAsync(DomainName host, CancellationToken stop) =>
        Client.Lookups.FindAsync<AddressAnswer>(CacheKey.Addresses(host), _askAddresses, stop);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private async Task<MxAnswer> AskExchangersAsync(DomainName domain, CancellationToken stop)
    {
        var answer = await Client.AskUncachedAsync(domain, RecordType.Mx, stop);
        var status = Exchangers.Read(answer, out var hosts);
        return answer.Status is LookupStatus.NoData
            ? await StandInAsync(domain, answer, stop)
            : new MxAnswer(status, hosts, IsImplicit: false, answer.IsAuthentic, answer.Expires);
    }

    // RFC 5321 §5.1: no MX record at all, so the domain's own address is its exchanger.
    private async Task<MxAnswer> StandInAsync(DomainName domain, DnsAnswer answer, CancellationToken stop)
    {
        var addresses = await FindAddressesAsync(domain, stop);
        var expires = addresses.Expires < answer.Expires ? addresses.Expires : answer.Expires;
        var isAuthentic = addresses.IsAuthentic && answer.IsAuthentic;
        return addresses.Status is LookupStatus.Found
            ? new MxAnswer(LookupStatus.Found, [new MailExchanger(0, domain)], IsImplicit: true, isAuthentic, expires)
            : new MxAnswer(addresses.Status, [], IsImplicit: false, isAuthentic, expires);
    }

    private async Task<AddressAnswer> AskAddressesAsync(DomainName host, CancellationToken stop)
    {
        var four = Client.AskUncachedAsync(host, RecordType.A, stop);
        var six = Client.AskUncachedAsync(host, RecordType.Aaaa, stop);
        await Task.WhenAll(four, six);
        return HostAddresses.Merge(await four, await six, _clock.GetUtcNow());
    }
}
