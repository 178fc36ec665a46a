using Engine.Dns;

namespace Engine.Preflight.Spf;

/// <summary>Follows every include and redirect of a record, whatever the address, and counts what each costs. At most 60 records, ten deep. One walk; not thread-safe.</summary>
/// <param name="dns">Answers questions.</param>
internal sealed class SpfCostWalk(IDnsRecords dns)
{
    private const int MaxRecords = 60;
    private const int MaxDepth = 10;

    private readonly HashSet<string> _above = new(StringComparer.OrdinalIgnoreCase);
    private int _records;

    /// <summary>Null where the domain has no record that can be read.</summary>
    public async ValueTask<SpfCost?> RunAsync(string domain, CancellationToken stop)
    {
        var cost = await FollowAsync(new SpfCost("record", domain, 0, []), stop).ConfigureAwait(false);
        return cost.Note is null ? cost : null;
    }

    private async ValueTask<SpfCost> FollowAsync(SpfCost cost, CancellationToken stop)
    {
        var note = SpfMacro.HasMacro(cost.Domain) ? "its name depends on the mail"
            : _above.Contains(cost.Domain) ? "it leads back to itself"
            : _above.Count >= MaxDepth || _records >= MaxRecords ? "not followed any further"
            : null;
        if (note is not null)
        {
            return cost with { Note = note };
        }

        _records++;
        var answer = await dns.AskAsync(cost.Domain, RecordType.Txt, stop).ConfigureAwait(false);
        var texts = answer.Records.OfType<DnsRecord.Text>().Select(record => record.Value).Where(SpfRecord.IsSpf).ToArray();
        if (texts.Length != 1 || !SpfRecord.TryParse(texts[0], out var record, out _))
        {
            return cost with { Note = answer.Status is LookupStatus.Failed ? "no answer" : texts.Length == 0 ? "no record" : "no record that can be read" };
        }

        var parts = new List<SpfCost>();
        _above.Add(cost.Domain);
        foreach (var term in record.Terms.Where(term => term.AsksDns))
        {
            var part = new SpfCost(term.Text, term.Kind is SpfKind.Include ? term.Domain! : string.Empty, 1, []);
            parts.Add(term.Kind is SpfKind.Include ? await FollowAsync(part, stop).ConfigureAwait(false) : part);
        }

        // RFC 7208 §6.1: with "all" in the record it is never followed.
        if (record.Redirect is { } redirect && !record.Terms.Any(term => term.Kind is SpfKind.All))
        {
            parts.Add(await FollowAsync(new SpfCost($"redirect={redirect}", redirect, 1, []), stop).ConfigureAwait(false));
        }

        _above.Remove(cost.Domain);
        return cost with { Parts = parts };
    }
}
