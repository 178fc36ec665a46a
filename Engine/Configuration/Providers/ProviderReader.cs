using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>Binds a file of provider data, joins it with the shipped data where it extends that, and looks through what no single value shows.</summary>
/// <param name="report">Takes what is wrong, with file, path and line.</param>
internal sealed class ProviderReader(Report report)
{
    private static readonly Shape FileShape = Shape.Of(typeof(ProviderFile));

    /// <summary>The data; null when something is wrong with it, which has been reported.</summary>
    /// <param name="root">The tree of the file.</param>
    public ProviderFile? Bind(Setting root)
    {
        var before = report.Count;
        var written = new Binder(report).Bind<ProviderFile>(FileShape, root);
        var file = written.Extends is null ? written : Extend(ProviderBook.ShippedFile, written);
        if (report.Count == before)
        {
            Look(root, written, file);
        }

        return report.Count == before ? file : null;
    }

    private static ProviderFile Extend(ProviderFile shipped, ProviderFile own)
    {
        var replaced = own.Rules.ToLookup(rule => rule.Id, StringComparer.Ordinal);
        var known = shipped.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return own with
        {
            Sources = Join(shipped.Sources, own.Sources),
            Schedules = Join(shipped.Schedules, own.Schedules),
            Categories = Join(shipped.Categories, own.Categories),
            Providers = Join(shipped.Providers, own.Providers),
            Rules = [.. own.Rules.Where(rule => !known.Contains(rule.Id)), .. shipped.Rules.Select(rule => replaced[rule.Id].FirstOrDefault() ?? rule)],
        };
    }

    private static OrderedDictionary<TName, TItem> Join<TName, TItem>(IReadOnlyDictionary<TName, TItem> below, IReadOnlyDictionary<TName, TItem> above)
        where TName : notnull
    {
        var joined = new OrderedDictionary<TName, TItem>(below);
        foreach (var (name, item) in above)
        {
            joined[name] = item;
        }

        return joined;
    }

    private void Look(Setting root, ProviderFile written, ProviderFile file)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var domains = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, schedule) in written.Schedules)
        {
            Schedule(root, JsonPath.Root["schedules"][Spelling.Of(kind)], kind, schedule);
        }

        foreach (var (id, provider) in written.Providers)
        {
            var path = JsonPath.Root["providers"][id];
            foreach (var (kind, schedule) in provider.Retry)
            {
                Schedule(root, path["retry"][Spelling.Of(kind)], kind, schedule);
            }

            Exchangers(root, path["mx"], provider.Mx);
            Rules(root, path["rules"], provider.Rules, file, ids);
        }

        foreach (var (id, provider) in file.Providers)
        {
            Domains(root, id, provider, domains);
        }

        Rules(root, JsonPath.Root["rules"], written.Rules, file, ids);
    }

    private void Schedule(Setting root, JsonPath path, RetryKind kind, RetrySchedule schedule)
    {
        if (schedule.IsController)
        {
            Fault(root, path, "expected delays: 'controller' stands in delivery.retry.throttled of engine.json only");
        }
        else if (kind is RetryKind.Uncertain)
        {
            Fault(root, path, "the schedule 'uncertain' is fixed");
        }
    }

    private void Exchangers(Setting root, JsonPath path, IReadOnlyList<string> entries)
    {
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            if (entry.StartsWith(Provider.PatternMark, StringComparison.Ordinal))
            {
                Pattern(root, path[index], entry[Provider.PatternMark.Length..]);
            }
            else if (!DomainName.TryParse(entry.StartsWith('.') ? entry[1..] : entry, out _))
            {
                Fault(root, path[index], $"expected a host, \".\" and a domain name for the hosts below it, or \"regex:…\", found \"{entry}\"");
            }
        }
    }

    private void Domains(Setting root, string id, ProviderOptions provider, Dictionary<string, string> seen)
    {
        for (var index = 0; index < provider.Domains.Count; index++)
        {
            var name = DomainName.Parse(provider.Domains[index]).Name;
            if (!seen.TryAdd(name, id))
            {
                Fault(root, JsonPath.Root["providers"][id]["domains"][index], $"the domain {name} is provider '{seen[name]}''s already");
            }
        }
    }

    private void Rules(Setting root, JsonPath path, IReadOnlyList<RuleOptions> rules, ProviderFile file, HashSet<string> ids)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            var (rule, at) = (rules[index], path[index]);
            if (!ids.Add(rule.Id))
            {
                Fault(root, at["id"], $"the rule '{rule.Id}' stands here already");
            }

            if (!file.Categories.ContainsKey(rule.Category))
            {
                Fault(root, at["category"], $"the category '{rule.Category}' does not exist{NearestName.Hint(rule.Category, [.. file.Categories.Keys])}");
            }

            foreach (var source in rule.Source.Where(source => !file.Sources.ContainsKey(source)))
            {
                Fault(root, at["source"], $"the source '{source}' does not exist{NearestName.Hint(source, [.. file.Sources.Keys])}");
            }

            if (rule.Code is { } code && !IsCode(code))
            {
                Fault(root, at["code"], $"expected a reply code, \"4xx\" or \"5xx\", found \"{code}\"");
            }

            if (rule.Schedule is RetryKind.Uncertain)
            {
                Fault(root, at["schedule"], "the schedule 'uncertain' is not for rules");
            }

            for (var part = 0; part < rule.Patterns.Count; part++)
            {
                Pattern(root, at["patterns"][part], rule.Patterns[part]);
            }
        }
    }

    private static bool IsCode(string code) => code is "4xx" or "5xx" || (code is [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9']);

    // The shipped patterns are held by tests; compiling them all at every start would cost a tenth of a second.
    private void Pattern(Setting root, JsonPath path, string pattern)
    {
        if (root.File == ProviderBook.Resource)
        {
            return;
        }

        try
        {
            _ = MxTable.Compile(pattern);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            Fault(root, path, $"is not a pattern that can be matched in linear time: {fault.Message}");
        }
    }

    private void Fault(Setting root, JsonPath path, string message)
    {
        var (value, line, _) = root.Nearest(path);
        report.Add(path, value.File, line, message);
    }
}
