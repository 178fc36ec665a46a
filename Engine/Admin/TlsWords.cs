using System.Globalization;
using Engine.Configuration;
using Engine.Delivery.Sts;
using Engine.Routing;

namespace Engine.Admin;

/// <summary>What is asked of TLS towards a destination, in an operator's words.</summary>
internal static class TlsWords
{
    /// <param name="options">Key <c>delivery.tls</c>.</param>
    /// <param name="destination">Where mail of the domain goes now.</param>
    /// <param name="entry">The MTA-STS policy that we have of the domain; null for none.</param>
    /// <param name="now">The time.</param>
    public static string Of(DeliveryTlsOptions options, Destination destination, StsEntry? entry, DateTimeOffset now)
    {
        var words = new List<string> { $"policy {options.Policy.ToString().ToLowerInvariant()}" };
        if (destination.Tls.IsMxAuthentic)
        {
            words.Add("the MX records are validated: TLSA records are asked for");
        }

        words.Add(Sts(options, destination, entry, now));
        return string.Join("; ", words);
    }

    private static string Sts(DeliveryTlsOptions options, Destination destination, StsEntry? entry, DateTimeOffset now)
    {
        if (!options.MtaSts)
        {
            return "MTA-STS is off";
        }

        if (entry is null || entry.Ends <= now)
        {
            return "no MTA-STS policy";
        }

        var age = now - entry.Fetched;
        var policy = string.Create(
            CultureInfo.InvariantCulture,
            $"MTA-STS {entry.Policy.Word}, id {entry.Id}, fetched {entry.Fetched:u} ({(age.TotalHours >= 1 ? $"{age.TotalHours:0} h" : $"{age.TotalMinutes:0} min")} ago), holds until {entry.Ends:u}");
        return entry.Policy.Mode is StsMode.None ? policy : $"{policy}, mx {string.Join(", ", entry.Policy.Patterns)}{Unnamed(destination, entry)}";
    }

    private static string Unnamed(Destination destination, StsEntry entry)
    {
        var unnamed = destination.Hosts.Where(host => !StsMatch.Matches(host.Host, entry.Policy.Patterns)).Select(static host => host.Host).ToArray();
        return unnamed.Length == 0 ? string.Empty : $"; it does not name {string.Join(", ", unnamed)}";
    }
}
