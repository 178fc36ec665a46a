using System.Collections.Frozen;
using Engine.Configuration.Reading;
using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>
/// What is known of providers: how they are recognised, what they take, what their replies mean. Immutable; any thread. Patterns are compiled by whoever
/// matches with them, so that loading stays cheap.
/// </summary>
internal sealed class ProviderBook
{
    /// <summary>Name of the shipped file in the assembly, and in findings.</summary>
    public const string Resource = "providers.json";

    private static readonly Lazy<ProviderFile> ShippedText = new(ReadShipped);

    private static readonly Lazy<ProviderBook> ShippedBook = new(() => new ProviderBook(ShippedText.Value));

    private readonly FrozenDictionary<string, Provider> _byId;
    private readonly MxTable _exchangers;

    /// <param name="file">Faultless: <see cref="ProviderReader"/> has looked through it.</param>
    public ProviderBook(ProviderFile file)
    {
        Categories = file.Categories;
        Schedules = file.Schedules;
        Sources = file.Sources;
        Providers = [.. file.Providers.Select(entry => Provider.Of(entry.Key, entry.Value, file.Categories))];
        Rules = [.. file.Rules.Select(rule => ProviderRule.Of(rule, null, file.Categories[rule.Category]))];
        ShippedLimits = Providers
            .Select(provider => (Name: $"{provider.Id}/ip", Limit: provider.ShippedLimit))
            .Where(entry => entry.Limit is not null)
            .ToFrozenDictionary(entry => entry.Name, entry => entry.Limit!);
        _byId = Providers.ToFrozenDictionary(provider => provider.Id);
        _exchangers = new MxTable(Providers);
    }

    /// <summary>The data that comes with the engine; read once in a process, when it is first asked for.</summary>
    public static ProviderBook Shipped => ShippedBook.Value;

    /// <summary>The same as it is written, for a file that extends it.</summary>
    public static ProviderFile ShippedFile => ShippedText.Value;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>The generic rules, in order: asked when none of the provider's matches.</summary>
    public IReadOnlyList<ProviderRule> Rules { get; }

    public IReadOnlyDictionary<string, CategoryOptions> Categories { get; }

    /// <summary>Retry schedules, where engine.json writes none.</summary>
    public IReadOnlyDictionary<RetryKind, RetrySchedule> Schedules { get; }

    /// <summary>Where facts are from, by the name rules use.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>The limits that come with the data, as <c>google/ip</c>: a limit of that name in engine.json replaces one.</summary>
    public IReadOnlyDictionary<string, LimitOptions> ShippedLimits { get; }

    public Provider? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The provider of a host: the longest suffix, then the patterns; null for none.</summary>
    public Provider? OfExchanger(ReadOnlySpan<char> host) => _exchangers.OfExchanger(host);

    /// <summary>The provider of a domain's exchangers: that of the most preferred one that has any.</summary>
    /// <param name="hosts">In order of preference.</param>
    public Provider? OfExchangers(IReadOnlyList<string> hosts)
    {
        for (var index = 0; index < hosts.Count; index++)
        {
            if (OfExchanger(hosts[index]) is { } provider)
            {
                return provider;
            }
        }

        return null;
    }

    /// <summary>The provider whose own domain this is; null for none.</summary>
    public Provider? OfDomain(DomainName domain) => _exchangers.OfDomain(domain);

    /// <summary>Reads the shipped file anew; <see cref="Shipped"/> does so once.</summary>
    public static ProviderFile ReadShipped()
    {
        using var stream = typeof(ProviderBook).Assembly.GetManifestResourceStream(Resource)!;
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        var report = new Report();
        var read = new SettingReader(Resource, octets, new EnvironmentText(static _ => null), report).Read();
        var file = read is null ? null : new ProviderReader(report).Bind(read);
        return file ?? throw new InvalidDataException($"the shipped provider data is faulty: {report.ToFindings(read, Resource).All[0]}");
    }
}
