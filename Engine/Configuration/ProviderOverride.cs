using System.Globalization;

namespace Engine.Configuration;

/// <summary>Keys of overrides about one provider or destination: <c>provider.pause.NAME</c>, <c>provider.rate.NAME</c>, <c>provider.connections.NAME</c>.</summary>
internal static class ProviderOverride
{
    /// <summary>A destination may be named by a domain. RFC 1035 §2.3.4.</summary>
    private const int MaxName = 255;

    private const int MaxConnections = 100_000;
    private const string PausePrefix = "provider.pause.";
    private const string RatePrefix = "provider.rate.";
    private const string ConnectionsPrefix = "provider.connections.";

    /// <summary>Nothing is sent there. Value <c>true</c>.</summary>
    public static string Pause(string name) => PausePrefix + name;

    /// <summary>Recipients per time from each source, as a rate is written.</summary>
    public static string Rate(string name) => RatePrefix + name;

    /// <summary>Connections at once from each source, from 1 to 100 000.</summary>
    public static string Connections(string name) => ConnectionsPrefix + name;

    /// <summary>Whether this is such a key, with a value it takes.</summary>
    public static bool Takes(string key, string value) =>
        (Names(key, PausePrefix) && value == "true")
        || (Names(key, RatePrefix) && Units.TryParseRate(value, out _))
        || (Names(key, ConnectionsPrefix) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= MaxConnections);

    /// <summary>Whether this is such a key; the name in it need not exist.</summary>
    public static bool IsKnown(string key) => Names(key, PausePrefix) || Names(key, RatePrefix) || Names(key, ConnectionsPrefix);

    private static bool Names(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal)
        && key.Length - prefix.Length is > 0 and <= MaxName
        && !key.AsSpan(prefix.Length).ContainsAnyExceptInRange('!', '~');
}
