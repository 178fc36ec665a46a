using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>The domain names of one configuration that mail for us can be addressed to. Immutable.</summary>
/// <remarks>
/// A <c>returnPath</c> with <c>{domain}</c> in <c>domains.*</c> stands for more domains than the file names: there the form decides. That gives nothing away,
/// since a token stands alone.
/// </remarks>
internal sealed class OwnNames
{
    private const string Place = "{domain}";

    private readonly FrozenSet<string> _returnPaths;
    private readonly FrozenSet<string> _all;
    private readonly (string Before, string After)? _form;

    public OwnNames(EngineOptions options)
    {
        var any = options.Domains.GetValueOrDefault("*")?.ReturnPath;
        if (any is not null && any.IndexOf(Place, StringComparison.Ordinal) is >= 0 and var at)
        {
            _form = (any[..at].ToLowerInvariant(), any[(at + Place.Length)..].ToLowerInvariant());
            any = null;
        }

        _returnPaths = options.Domains
            .Where(domain => domain.Key != "*" && domain.Value.ReturnPath is not null)
            .Select(domain => domain.Value.ReturnPath!.Replace(Place, domain.Key, StringComparison.Ordinal))
            .Append(any)
            .Append(options.Feedback.ReturnPath ?? $"bounce.{options.Hostname}")
            .Select(NameOf)
            .OfType<string>()
            .ToFrozenSet(StringComparer.Ordinal);
        Hostname = DomainName.TryParse(options.Hostname, out var host) ? host : default;
        _all = options.Sources.Values.Select(source => source.Ehlo).Append(options.Hostname).Select(NameOf).OfType<string>().Concat(_returnPaths).ToFrozenSet(StringComparer.Ordinal);
    }

    public DomainName Hostname { get; }

    /// <summary>Whether return paths and unsubscribe addresses may have this domain.</summary>
    public bool IsReturnPath(DomainName domain) => _returnPaths.Contains(domain.Name) || IsOfForm(domain.Name);

    /// <summary>Whether it is a name of ours: there <c>postmaster</c> and <c>abuse</c> must be heard (RFC 2142, RFC 5321 §4.5.1).</summary>
    public bool IsOurs(DomainName domain) => _all.Contains(domain.Name) || IsOfForm(domain.Name);

    private bool IsOfForm(string name) =>
        _form is var (before, after)
        && name.Length > before.Length + after.Length
        && name.StartsWith(before, StringComparison.Ordinal)
        && name.EndsWith(after, StringComparison.Ordinal);

    private static string? NameOf(string? text) => DomainName.TryParse(text, out var name) ? name.Name : null;
}
