using System.Net;

namespace Engine.Dns;

/// <summary>The resolvers of the configuration. Those that do not answer stand behind the others for half a minute. Thread-safe.</summary>
internal sealed class ServerList
{
    private const int UsualPort = 53;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly DnsServer[] _servers;

    /// <exception cref="FormatException">An entry is no address; the configuration has been checked, so this is a bug.</exception>
    public ServerList(IReadOnlyList<string> servers, TimeProvider clock)
    {
        _clock = clock;
        _servers = [.. servers.Select(text => new DnsServer(Parse(text)))];
        if (_servers.Length == 0)
        {
            throw new FormatException("dns.servers is empty");
        }
    }

    /// <summary>AD from anywhere but this host could be forged on the way.</summary>
    public bool AreAllLoopback => Array.TrueForAll(_servers, server => IPAddress.IsLoopback(server.Address.Address));

    /// <summary>All of them, those that answer first, otherwise as configured.</summary>
    public IReadOnlyList<DnsServer> InOrder()
    {
        var now = _clock.GetTimestamp();
        return Array.Exists(_servers, server => server.IsSilent(now))
            ? [.. _servers.OrderBy(server => server.IsSilent(now))]
            : _servers;
    }

    /// <summary>Remembers how the server did.</summary>
    /// <returns>True when it fell silent or came back by this.</returns>
    public bool Note(DnsServer server, TryOutcome outcome) => outcome switch
    {
        TryOutcome.Unreachable => server.MarkMissed(DnsServer.MissesToSilence, Later()),
        TryOutcome.TimedOut => server.MarkMissed(1, Later()),
        _ => server.MarkAnswering(),
    };

    private long Later() => _clock.GetTimestamp() + (long)(Silence.TotalSeconds * _clock.TimestampFrequency);

    private static IPEndPoint Parse(string text)
    {
        var server = IPEndPoint.Parse(text);
        return server.Port == 0 ? new IPEndPoint(server.Address, UsualPort) : server;
    }
}
