using Engine.Dns;
using Engine.Mail;

namespace Engine.Tests.Peers;

/// <summary>Asks a real resolver through our own and tells the answer in one line.</summary>
internal static class DnsPeer
{
    private const int MostAttempts = 50;

    /// <summary>Asks until the resolver answers at all; each attempt ends with its answer or failure, and none is repeated from the cache.</summary>
    public static async Task AnswersAsync(MailDns dns, string name, CancellationToken stop)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if ((await dns.Client.AskUncachedAsync(DomainName.Parse(name), RecordType.Mx, stop)).Status is not LookupStatus.Failed)
            {
                return;
            }
        }

        throw new AssertionException($"The resolver did not answer in {MostAttempts} attempts");
    }

    /// <summary>Asks again, 20 ms apart, until it is so: for servers that do not say when new data is served.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            await pace.WaitForNextTickAsync(stop);
        }
    }

    public static async Task<string> ExchangersAsync(MailDns dns, string domain, CancellationToken stop)
    {
        var answer = await dns.FindExchangersAsync(DomainName.Parse(domain), stop);
        var hosts = string.Join(", ", answer.Hosts.Select(host => $"{host.Preference} {host.Host}"));
        return $"{answer.Status}{(answer.IsImplicit ? " implicit" : string.Empty)} {hosts}".Trim();
    }

    public static async Task<string> AddressesAsync(MailDns dns, string host, CancellationToken stop)
    {
        var answer = await dns.FindAddressesAsync(DomainName.Parse(host), stop);
        return $"{answer.Status} {string.Join(' ', answer.Addresses)}".Trim();
    }

    public static async Task<string> RecordsAsync(MailDns dns, string name, RecordType type, CancellationToken stop)
    {
        var answer = await dns.Client.AskAsync(DomainName.Parse(name), type, stop);
        return string.Join("; ", answer.Records);
    }
}
