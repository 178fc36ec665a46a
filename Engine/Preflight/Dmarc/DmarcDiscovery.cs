using Engine.Dns;
using Engine.Mail;

namespace Engine.Preflight.Dmarc;

/// <summary>The DNS tree walk of DMARCbis §4.10: from a domain towards the root, at most eight questions, no list of public suffixes. Not thread-safe.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class DmarcDiscovery(IDnsRecords dns)
{
    // Names of more labels go on with these many after the first question, so that there are never more than eight.
    private const int MostLabels = 7;

    private readonly Dictionary<string, DmarcWalk> _known = new(StringComparer.Ordinal);

    public async ValueTask<DmarcWalk> WalkAsync(DomainName domain, CancellationToken stop)
    {
        if (_known.TryGetValue(domain.Name, out var known))
        {
            return known;
        }

        var found = new List<(string Name, DmarcRecord Record)>();
        var (isTemporary, fault) = (false, (string?)null);
        for (var name = domain.Name; name.Length > 0; name = Next(name))
        {
            var answer = await dns.AskAsync($"_dmarc.{name}", RecordType.Txt, stop).ConfigureAwait(false);
            isTemporary |= answer.Status is LookupStatus.Failed;
            var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).Where(DmarcRecord.IsDmarc).ToArray();
            var why = texts.Length > 1 ? $"{texts.Length} records: none of them counts" : null;
            if (texts.Length == 1 && DmarcRecord.TryParse(texts[0], out var record, out why))
            {
                found.Add((name, record));
                if (record.IsPublicSuffix is not null)
                {
                    break;
                }
            }

            fault ??= name == domain.Name ? why : null;
        }

        var walk = new DmarcWalk(domain.Name, found) { IsTemporary = isTemporary, Fault = fault };
        _known.Add(domain.Name, walk);
        return walk;
    }

    /// <summary>Whether two domains are of one organisation: relaxed alignment. Null where DNS could not say.</summary>
    /// <remarks>Where nobody has a record, what stands below the other is taken to be: so it will be with the record that is advised.</remarks>
    public async ValueTask<bool?> IsAlignedAsync(DomainName from, DomainName other, bool isStrict, CancellationToken stop)
    {
        if (from == other || isStrict)
        {
            return from == other;
        }

        var (first, second) = (await WalkAsync(from, stop).ConfigureAwait(false), await WalkAsync(other, stop).ConfigureAwait(false));
        return first.IsTemporary || second.IsTemporary ? null
            : first.Found.Count == 0 && second.Found.Count == 0 ? from.IsBelow(other) || other.IsBelow(from)
            : first.Organization == second.Organization;
    }

    private static string Next(string name)
    {
        var labels = name.Split('.');
        return string.Join('.', labels[Math.Max(1, labels.Length - MostLabels)..]);
    }
}
