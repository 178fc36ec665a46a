using System.Collections.Frozen;
using System.Net;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>The routes of one configuration. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteOptions> _routes;
    private readonly RouteOptions? _any;

    public RouteTable(EngineOptions options)
    {
        _routes = options.Routes.Where(route => route.Key != "*").ToFrozenDictionary(route => DomainName.Parse(route.Key).Name, route => route.Value);
        _any = options.Routes.GetValueOrDefault("*");
        Port = options.Delivery.Port;
        var names = options.Sources.Values.Select(source => source.Ehlo).OfType<string>().Append(options.Hostname);
        Self = new OwnIdentity(names.Select(name => DomainName.TryParse(name, out var domain) ? domain : default).ToFrozenSet(), FrozenSet<IPAddress>.Empty);
    }

    /// <summary>Port of exchangers found by MX.</summary>
    public int Port { get; }

    /// <summary>Names this engine goes by: an exchanger so called is ourselves.</summary>
    public OwnIdentity Self { get; }

    public RouteOptions? Find(DomainName domain) => _routes.GetValueOrDefault(domain.Name, _any!);

    /// <summary>Whether it is the route of every domain without one of its own.</summary>
    public bool IsForAny(RouteOptions route) => ReferenceEquals(route, _any);

    /// <summary>Hosts of a route, in the order written. Port 25, or <c>delivery.port</c>, where none is written.</summary>
    public IReadOnlyList<ExchangerHost> HostsOf(RouteOptions route) =>
        [.. route.Hosts.Select((text, index) => Host(text, (ushort)index))];

    private ExchangerHost Host(string text, ushort preference)
    {
        if (!AddressText.TryParseHost(text, out var host, Port))
        {
            throw new FormatException($"'{text}' is not a host");
        }

        return new ExchangerHost(preference, host.Address?.ToString() ?? host.Name.Name, host.Address, host.Port) { IsWritten = true };
    }
}
