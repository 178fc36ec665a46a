using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>Finds providers by the names of hosts and by recipient domains. Immutable; takes calls from any thread, allocates nothing.</summary>
internal sealed class MxTable
{
    private readonly FrozenDictionary<string, Provider>.AlternateLookup<ReadOnlySpan<char>> _below;
    private readonly FrozenDictionary<string, Provider>.AlternateLookup<ReadOnlySpan<char>> _whole;
    private readonly FrozenDictionary<string, Provider> _domains;
    private readonly (Lazy<Regex> Pattern, Provider Provider)[] _patterns;

    public MxTable(IEnumerable<Provider> providers)
    {
        var all = providers.ToList();
        _below = Suffixes(all, static suffix => suffix.TrimStart('.')).GetAlternateLookup<ReadOnlySpan<char>>();
        _whole = Suffixes(all, static suffix => suffix[0] == '.' ? null : suffix).GetAlternateLookup<ReadOnlySpan<char>>();
        _domains = all
            .SelectMany(provider => provider.Domains.Select(domain => (domain.Name, provider)))
            .DistinctBy(entry => entry.Name)
            .ToFrozenDictionary(entry => entry.Name, entry => entry.provider);
        _patterns = [.. all.SelectMany(provider => provider.MxPatterns.Select(pattern => (new Lazy<Regex>(() => Compile(pattern)), provider)))];
    }

    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>The provider of a host: the longest suffix, then the patterns. A dot at the end is passed over.</summary>
    public Provider? OfExchanger(ReadOnlySpan<char> host)
    {
        host = host.TrimEnd('.');
        if (_whole.TryGetValue(host, out var found))
        {
            return found;
        }

        for (var dot = host.IndexOf('.'); dot >= 0; dot = Next(host, dot))
        {
            if (_below.TryGetValue(host[(dot + 1)..], out found))
            {
                return found;
            }
        }

        foreach (var (pattern, provider) in _patterns)
        {
            if (pattern.Value.IsMatch(host))
            {
                return provider;
            }
        }

        return null;
    }

    public Provider? OfDomain(DomainName domain) => _domains.GetValueOrDefault(domain.Name);

    private static int Next(ReadOnlySpan<char> host, int dot)
    {
        var next = host[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    private static FrozenDictionary<string, Provider> Suffixes(List<Provider> providers, Func<string, string?> key) => providers
        .SelectMany(provider => provider.MxSuffixes.Select(suffix => (Key: key(suffix), provider)))
        .Where(entry => entry.Key is not null)
        .DistinctBy(entry => entry.Key)
        .ToFrozenDictionary(entry => entry.Key!, entry => entry.provider, StringComparer.OrdinalIgnoreCase);
}
