using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>How domains are verified: <c>domains.NAME.verify</c>, else that of <c>domains.*</c>, else not at all, so that an engine that was told nothing asks nothing. Immutable.</summary>
internal sealed class VerifyTerms
{
    private static readonly VerifyOptions Nothing = new() { Level = VerifyLevel.Off };

    private readonly FrozenDictionary<string, VerifyOptions> _written;
    private readonly VerifyOptions _others;

    public VerifyTerms(EngineOptions options)
    {
        _others = options.Domains.GetValueOrDefault("*")?.Verify ?? Nothing;
        _written = options.Domains
            .Where(domain => domain.Key != "*" && domain.Value.Verify is not null)
            .ToFrozenDictionary(domain => domain.Key, domain => domain.Value.Verify!, StringComparer.Ordinal);
        Configured = [.. options.Domains.Keys.Where(name => name != "*").Select(DomainName.Parse).Where(domain => Of(domain).Level is not VerifyLevel.Off)];
        IsOff = _others.Level is VerifyLevel.Off && _written.Values.All(one => one.Level is VerifyLevel.Off);
    }

    /// <summary>Domains that stand in the configuration and are verified.</summary>
    public IReadOnlyList<DomainName> Configured { get; }

    /// <summary>No domain is verified at all.</summary>
    public bool IsOff { get; }

    /// <summary>Allocates nothing.</summary>
    public VerifyOptions Of(DomainName domain) => _written.GetValueOrDefault(domain.Name, _others);
}
