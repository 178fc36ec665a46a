using System.Net;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>What the MX records of a domain say. RFC 5321 §5.1, RFC 7505.</summary>
internal static class Exchangers
{
    private const string Root = ".";

    /// <summary>Sorted by preference, the order of the reply kept among equals; each host once, at its best preference; hosts that are no names left out.</summary>
    /// <param name="answer">To an MX question.</param>
    /// <param name="hosts">Empty unless found.</param>
    /// <returns>NoData with a record at hand means: there are MX records, but none can be used. That is no case for the implicit MX.</returns>
    public static LookupStatus Read(DnsAnswer answer, out IReadOnlyList<MailExchanger> hosts)
    {
        hosts = [];
        if (answer.Status is not LookupStatus.Found)
        {
            return answer.Status;
        }

        var records = answer.Records.OfType<DnsRecord.Mx>().ToList();
        if (records.Count > 0 && records.TrueForAll(record => record.Host == Root))
        {
            return LookupStatus.NullMx;
        }

        hosts = [.. Usable(records).OrderBy(exchanger => exchanger.Preference).DistinctBy(exchanger => exchanger.Host)];
        return hosts.Count > 0 ? LookupStatus.Found : LookupStatus.NoData;
    }

    private static IEnumerable<MailExchanger> Usable(List<DnsRecord.Mx> records)
    {
        foreach (var record in records)
        {
            // An address is no host name (RFC 5321 §5.1), though its letters are those of one.
            if (DomainName.TryParse(record.Host, out var host) && !IPAddress.TryParse(host.Name, out _))
            {
                yield return new MailExchanger(record.Preference, host);
            }
        }
    }
}
