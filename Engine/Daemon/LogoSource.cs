using System.Net;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Bimi;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>Fetches logos for checks, strictly: by the rules of mail for addresses, without redirects.</summary>
internal static class LogoSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <param name="current">Addresses allowed, and roots.</param>
    /// <param name="dns">Resolves hosts.</param>
    /// <param name="clock">Measures 20 s.</param>
    public static FetchLogo Over(Func<Snapshot> current, Func<MailDns> dns, TimeProvider clock)
    {
        var https = new StrictHttps(
            () => new AddressRule(current().Options.Delivery.AllowAddresses.Select(IPNetwork.Parse), [], []),
            async (host, stop) => DomainName.TryParse(host, out var name) ? (await dns().FindAddressesAsync(name, stop).ConfigureAwait(false)).Addresses : [],
            () => current().Options.Delivery.Tls.Roots is { } file ? TrustedRoots.With(current().PathTo(file)) : TrustedRoots.OfSystem(),
            clock);
        return async (uri, maxOctets, stop) =>
        {
            var answer = await https.GetAsync(uri, maxOctets, Limit, stop).ConfigureAwait(false);
            return answer.IsGood ? (answer.Body, null) : (ReadOnlyMemory<byte>.Empty, answer.Reason);
        };
    }
}
