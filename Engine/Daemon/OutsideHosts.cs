using System.Net;
using Engine.Dns;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>What reaching hosts beside exchangers needs, as the configuration in force has it: which addresses, whose certificates, and HTTPS over both. Thread-safe.</summary>
internal sealed class OutsideHosts
{
    private readonly Func<IMailDns> _dns;
    private AddressRule _rule = new([], [], []);
    private TrustedRoots _roots;

    /// <param name="dns">The resolver in force.</param>
    /// <param name="roots">Whose certificates are good.</param>
    /// <param name="clock">Measures limits.</param>
    public OutsideHosts(Func<IMailDns> dns, TrustedRoots roots, TimeProvider clock)
    {
        (_dns, _roots) = (dns, roots);
        Https = new StrictHttps(() => Rule, ResolveAsync, () => Roots, clock);
    }

    public AddressRule Rule => Volatile.Read(ref _rule);

    public TrustedRoots Roots => Volatile.Read(ref _roots);

    public StrictHttps Https { get; }

    /// <summary>A configuration comes into force.</summary>
    /// <param name="roots">Whose certificates are good from now on.</param>
    public void Load(TrustedRoots roots) => Volatile.Write(ref _roots, roots);

    /// <summary>Listeners or the configuration have changed.</summary>
    /// <param name="rule">Which addresses may be connected to.</param>
    public void Load(AddressRule rule) => Volatile.Write(ref _rule, rule);

    /// <summary>Addresses of a host; empty when there are none or they could not be looked up.</summary>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop) =>
        DomainName.TryParse(host, out var name) ? (await _dns().FindAddressesAsync(name, stop).ConfigureAwait(false)).Addresses : [];
}
