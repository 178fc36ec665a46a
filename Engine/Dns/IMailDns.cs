using Engine.Mail;

namespace Engine.Dns;

/// <summary>The two questions delivery asks. <see cref="ValueTask"/> completes at once from the cache, without allocating. Thread-safe.</summary>
internal interface IMailDns
{
    ValueTask<MxAnswer> FindExchangersAsync(DomainName domain, CancellationToken stop);

    ValueTask<AddressAnswer> FindAddressesAsync(DomainName host, CancellationToken stop);
}
