using System.Net;
using Engine.Dns;
using Engine.Preflight;

namespace Engine.Tests.Preflight;

/// <summary>Records of a test. A name that is not here does not exist.</summary>
internal sealed class RecordTable : IDnsRecords
{
    private readonly Dictionary<string, List<DnsRecord>> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Name, RecordType Type)> _silent = [];
    private readonly HashSet<string> _allSilent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every question, in order.</summary>
    public List<string> Asked { get; } = [];

    public RecordTable Txt(string name, params string[] texts) => Add(name, texts.Select(text => new DnsRecord.Text(text)));

    public RecordTable Address(string name, params string[] addresses) => Add(name, addresses.Select(address => new DnsRecord.Address(IPAddress.Parse(address))));

    public RecordTable Mx(string name, params string[] hosts) => Add(name, hosts.Select(host => new DnsRecord.Mx(10, host)));

    public RecordTable Ptr(string address, params string[] names) =>
        Add(ReverseName.Of(IPAddress.Parse(address)).Name, names.Select(name => new DnsRecord.Name(RecordType.Ptr, name)));

    public RecordTable Add(string name, IEnumerable<DnsRecord> records)
    {
        if (!_records.TryGetValue(name, out var all))
        {
            _records.Add(name, all = []);
        }

        all.AddRange(records);
        return this;
    }

    public RecordTable Alias(string name, string target)
    {
        _aliases[name] = target;
        return this;
    }

    public RecordTable Drop(string name)
    {
        _records.Remove(name);
        return this;
    }

    /// <summary>The resolver fails for it.</summary>
    public RecordTable Silent(string name, RecordType? type = null)
    {
        _ = type is { } one ? _silent.Add((name.ToLowerInvariant(), one)) : _allSilent.Add(name);
        return this;
    }

    /// <summary>The resolver answers again.</summary>
    public void Speak()
    {
        _silent.Clear();
        _allSilent.Clear();
    }

    public ValueTask<DnsAnswer> AskAsync(string name, RecordType type, CancellationToken stop)
    {
        lock (Asked)
        {
            Asked.Add($"{type} {name}");
        }

        if (_allSilent.Contains("*") || _allSilent.Contains(name) || _silent.Contains((name.ToLowerInvariant(), type)))
        {
            return ValueTask.FromResult(new DnsAnswer(LookupStatus.Failed, [], IsAuthentic: false, default));
        }

        if (!_records.TryGetValue(_aliases.GetValueOrDefault(name.TrimEnd('.'), name.TrimEnd('.')), out var all))
        {
            return ValueTask.FromResult(new DnsAnswer(LookupStatus.NoSuchDomain, [], IsAuthentic: false, default));
        }

        var found = all.Where(record => record.Type == type).ToArray();
        return ValueTask.FromResult(new DnsAnswer(found.Length > 0 ? LookupStatus.Found : LookupStatus.NoData, found, IsAuthentic: false, default));
    }
}
