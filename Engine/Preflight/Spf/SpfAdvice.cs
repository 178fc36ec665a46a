using System.Net;
using System.Net.Sockets;

namespace Engine.Preflight.Spf;

/// <summary>The record that would let addresses send. Pure.</summary>
internal static class SpfAdvice
{
    /// <summary>The record there is with the addresses added before what decides for the rest; or a new one.</summary>
    /// <param name="current">The text of the one record; null where there is none, or more than one.</param>
    /// <param name="missing">Addresses that do not pass.</param>
    public static string RecordFor(string? current, IEnumerable<IPAddress> missing)
    {
        var added = missing.Distinct().Select(address => $"{(address.AddressFamily is AddressFamily.InterNetwork ? "ip4" : "ip6")}:{address}").ToArray();
        if (current is null || !SpfRecord.TryParse(current, out _, out _))
        {
            return string.Join(' ', ["v=spf1", .. added, "~all"]);
        }

        // First, so that neither a term that refuses nor the limit of look-ups comes before them.
        var terms = current.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', [terms[0], .. added.Except(terms, StringComparer.OrdinalIgnoreCase), .. terms[1..]]);
    }
}
