using System.Net;
using System.Runtime.InteropServices;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>Puts exchangers into the order in which one message tries them. RFC 5321 §5.1.</summary>
internal static class ExchangerOrder
{
    /// <summary>
    /// Shuffles those of equal preference, and, where we are an exchanger ourselves, leaves out us and all that are not better: mail
    /// for them came from, or would come back to, us.
    /// </summary>
    /// <param name="hosts">By ascending preference, as <see cref="MxAnswer.Hosts"/>.</param>
    /// <param name="self">Who we are.</param>
    /// <param name="addressesOf">What is known of a host's addresses; empty when not resolved.</param>
    /// <param name="chance">Shuffles.</param>
    public static ExchangerPlan Arrange(
        IReadOnlyList<MailExchanger> hosts, OwnIdentity self, Func<DomainName, IReadOnlyList<IPAddress>> addressesOf, Random chance)
    {
        var own = hosts.Where(exchanger => IsSelf(exchanger.Host, self, addressesOf)).Select(exchanger => (int)exchanger.Preference).DefaultIfEmpty(int.MaxValue).Min();
        var kept = hosts.Where(exchanger => exchanger.Preference < own).ToList();
        var order = CollectionsMarshal.AsSpan(kept);
        for (var start = 0; start < order.Length;)
        {
            var count = CountEqual(order[start..]);
            chance.Shuffle(order.Slice(start, count));
            start += count;
        }

        return new ExchangerPlan(kept, LoopsBack: kept.Count == 0 && hosts.Count > 0);
    }

    private static bool IsSelf(DomainName host, OwnIdentity self, Func<DomainName, IReadOnlyList<IPAddress>> addressesOf) =>
        self.Names.Contains(host) || addressesOf(host).Any(self.Addresses.Contains);

    private static int CountEqual(ReadOnlySpan<MailExchanger> rest)
    {
        var count = 1;
        while (count < rest.Length && rest[count].Preference == rest[0].Preference)
        {
            count++;
        }

        return count;
    }
}
