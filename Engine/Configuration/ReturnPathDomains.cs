using System.Collections.Concurrent;
using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>
/// Which domain return paths of a sender domain have: <c>domains.NAME.returnPath</c>, else that of <c>domains.*</c>, else <c>feedback.returnPath</c>,
/// else <c>bounce.HOSTNAME</c>. Below the sender's own domain SPF is aligned with its From header (RFC 7489 §3.1.2). Thread-safe.
/// </summary>
internal sealed class ReturnPathDomains
{
    /// <summary>Stands in a pattern for the sender domain.</summary>
    public const string Placeholder = "{domain}";

    // Names made of the pattern that are kept; more are made anew each time. 10 000 take about 2 MB.
    private const int MaxKept = 10_000;

    private readonly FrozenDictionary<string, ReturnPathDomain> _written;
    private readonly ConcurrentDictionary<string, ReturnPathDomain> _made = new(StringComparer.Ordinal);
    private readonly string? _pattern;

    public ReturnPathDomains(EngineOptions options)
    {
        Default = new ReturnPathDomain(DomainName.Parse(options.Feedback.ReturnPath ?? PresetOf(options.Hostname)).Name);
        _pattern = options.Domains.GetValueOrDefault("*")?.ReturnPath;
        _written = options.Domains
            .Where(domain => domain.Key != "*" && domain.Value.ReturnPath is not null)
            .ToFrozenDictionary(domain => domain.Key, domain => Make(domain.Value.ReturnPath!, domain.Key), StringComparer.Ordinal);
    }

    /// <summary>Of domains that say nothing.</summary>
    public ReturnPathDomain Default { get; }

    /// <summary>What <c>feedback.returnPath</c> is by default.</summary>
    public static string PresetOf(string hostname) => $"bounce.{hostname}";

    /// <summary>Allocates for at most the first 10 000 domains, and for others only where <c>domains.*</c> has a pattern.</summary>
    public ReturnPathDomain Of(DomainName sender)
    {
        if (_written.TryGetValue(sender.Name, out var written))
        {
            return written;
        }

        if (_pattern is null || sender.IsEmpty)
        {
            return Default;
        }

        if (_made.TryGetValue(sender.Name, out var made))
        {
            return made;
        }

        made = Make(_pattern, sender.Name);
        return _made.Count < MaxKept ? _made.GetOrAdd(sender.Name, made) : made;
    }

    // A name that becomes too long for a path leaves the default.
    private ReturnPathDomain Make(string pattern, string domain) =>
        DomainName.TryParse(pattern.Replace(Placeholder, domain, StringComparison.Ordinal), out var name) && name.Name.Length <= ReturnPathDomain.MaxLength
            ? new ReturnPathDomain(name.Name)
            : Default;
}
