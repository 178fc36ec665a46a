using System.Collections.Concurrent;
using Engine.Dns;

namespace Engine.Demo;

/// <summary>What a responder knows: records by name. Thread-safe; names are alike in both cases.</summary>
/// <param name="zone">It has an SOA there, and everything else does not exist.</param>
/// <param name="ttl">Seconds, of every record and of every "no".</param>
internal sealed class DnsTable(string zone = "test", uint ttl = 300)
{
    private readonly ConcurrentDictionary<string, DnsRecord[]> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ResponseCode> _faults = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a record.</summary>
    /// <param name="name">Without a trailing dot.</param>
    /// <param name="record">The record.</param>
    public DnsTable Add(string name, DnsRecord record)
    {
        _records.AddOrUpdate(name, [record], (_, known) => [.. known, record]);
        return this;
    }

    /// <summary>Forgets a name.</summary>
    public void Remove(string name) => _records.TryRemove(name, out _);

    /// <summary>Answers every question about a name with this code; <see cref="ResponseCode.NoError"/> ends it.</summary>
    public void Fail(string name, ResponseCode code)
    {
        if (code is ResponseCode.NoError)
        {
            _faults.TryRemove(name, out _);
        }
        else
        {
            _faults[name] = code;
        }
    }

    /// <summary>The TXT records of a name.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        [.. _records.GetValueOrDefault(name, []).OfType<DnsRecord.Text>().Select(static text => text.Value)];

    public DnsResponse Answer(DnsQuery query)
    {
        var name = query.Name;
        if (_faults.TryGetValue(name, out var fault))
        {
            return new DnsResponse(query, fault);
        }

        var answers = new List<ResourceRecord>();
        while (true)
        {
            if (!_records.TryGetValue(name, out var records))
            {
                var isKnown = answers.Count > 0 || IsAbove(name);
                return new DnsResponse(query, isKnown ? ResponseCode.NoError : ResponseCode.NoSuchName) { Answers = answers, Authorities = [Start()] };
            }

            var owner = name;
            answers.AddRange(records.Where(record => record.Type == query.Type).Select(record => new ResourceRecord(owner, ttl, record)));
            if (answers.Count > 0 && answers[^1].Content.Type == query.Type)
            {
                return new DnsResponse(query, ResponseCode.NoError) { Answers = answers };
            }

            if (records.FirstOrDefault(static record => record.Type is RecordType.Cname) is not DnsRecord.Name alias || answers.Count > 8)
            {
                return new DnsResponse(query, ResponseCode.NoError) { Answers = answers, Authorities = [Start()] };
            }

            answers.Add(new ResourceRecord(owner, ttl, alias));
            name = alias.Target;
        }
    }

    // A name with names below it exists, though it has no records. RFC 8020.
    private bool IsAbove(string name) => _records.Keys.Any(known => known.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));

    private ResourceRecord Start() => new(zone, ttl, new DnsRecord.Soa("ns." + zone, "hostmaster." + zone, 1, 3_600, 600, 86_400, ttl));
}
