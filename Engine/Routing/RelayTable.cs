using System.Globalization;
using Engine.Configuration;

namespace Engine.Routing;

/// <summary>The relays of one configuration, in the order written. Immutable.</summary>
internal sealed class RelayTable
{
    public static readonly RelayTable Empty = new([]);

    private readonly Dictionary<string, Relay> _byName;

    public RelayTable(IReadOnlyList<Relay> relays)
    {
        All = relays;
        _byName = relays.ToDictionary(relay => relay.Name);
    }

    public IReadOnlyList<Relay> All { get; }

    /// <summary>Reads the password files; that they can be read and hold a password was checked with the configuration.</summary>
    /// <exception cref="IOException">A file has gone since.</exception>
    public static RelayTable Load(Snapshot snapshot) =>
        snapshot.Options.Relays.Count == 0 ? Empty : new RelayTable([.. snapshot.Options.Relays.Select(entry => Make(entry.Key, entry.Value, snapshot))]);

    public Relay? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>All other limits, and one for each relay as <c>relay/NAME</c> unless one is written by that name.</summary>
    public static IReadOnlyDictionary<string, LimitOptions> WithLimits(EngineOptions options, IReadOnlyDictionary<string, LimitOptions> others)
    {
        if (options.Relays.Count == 0)
        {
            return others;
        }

        var limits = others.ToDictionary();
        foreach (var (name, relay) in options.Relays)
        {
            limits.TryAdd($"relay/{name}", new LimitOptions
            {
                Match = new Dictionary<LimitDimension, string> { [LimitDimension.Destination] = Relay.Prefix + name },
                Connections = relay.Connections,
                Rate = relay.Rate,
            });
        }

        return limits;
    }

    private static Relay Make(string name, RelayOptions options, Snapshot snapshot)
    {
        if (!AddressText.TryParseHost(options.Host, out var host, options.Port))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{options.Host}' is not a host"));
        }

        var login = options is { User: { } user, PasswordFile: { } file } && Login.PasswordIn(File.ReadAllText(snapshot.PathTo(file))) is { } password
            ? new Login(user, password)
            : null;
        return new Relay(name, new ExchangerHost(0, host.Address?.ToString() ?? host.Name.Name, host.Address, host.Port), options, login);
    }
}
