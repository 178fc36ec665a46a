using System.Collections.Frozen;
using System.Net;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>The routes of one configuration. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteOptions> _routes;
    private readonly RouteOptions? _any;
    private readonly int _port;

    public RouteTable(EngineOptions options)
    {
        _routes = options.Routes.Where(route => route.Key != "*").ToFrozenDictionary(route => DomainName.Parse(route.Key).Name, route => route.Value);
        _any = options.Routes.GetValueOrDefault("*");
        _port = options.Delivery.Port;
        OwnNames = options.Sources.Values.Select(source => source.Ehlo).OfType<string>().Append(options.Hostname)
            .Select(name => DomainName.TryParse(name, out var domain) ? domain.Name : string.Empty).ToFrozenSet();
        Port = _port;
    }

    /// <summary>Port of exchangers found by MX.</summary>
    public int Port { get; }

    /// <summary>Names this engine goes by: an exchanger so called is ourselves.</summary>
    public FrozenSet<string> OwnNames { get; }

    public RouteOptions? Find(DomainName domain) => _routes.GetValueOrDefault(domain.Name, _any!);

    /// <summary>Hosts of a route, in the order written. Port 25, or <c>delivery.port</c>, where none is written.</summary>
    public IReadOnlyList<ExchangerHost> HostsOf(RouteOptions route) =>
        [.. route.Hosts.Select((text, index) => Host(text, (ushort)index))];

    private ExchangerHost Host(string text, ushort preference)
    {
        if (IPAddress.TryParse(text, out var bare) && (bare.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork || !text.StartsWith('[')))
        {
            return new ExchangerHost(preference, text, bare, _port);
        }

        if (IPEndPoint.TryParse(text, out var literal))
        {
            return new ExchangerHost(preference, text, literal.Address, literal.Port == 0 ? _port : literal.Port);
        }

        return text.Split(':') is [var host, var port]
            ? new ExchangerHost(preference, DomainName.Parse(host).Name, null, int.Parse(port, provider: null))
            : new ExchangerHost(preference, DomainName.Parse(text).Name, null, _port);
    }
}
