using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>What one reading of configuration and key directory found. Immutable but for the keys that are parsed as they are needed; shared by the rings made from it.</summary>
internal sealed class KeyTable
{
    /// <summary>By name.</summary>
    public required IReadOnlyDictionary<string, DomainKeys> Domains { get; init; }

    /// <summary>The keys of <c>*</c>, under no particular domain.</summary>
    public required DomainKeys Any { get; init; }

    /// <summary>The keys of <c>dkim.also</c>.</summary>
    public required DomainKeys Also { get; init; }

    /// <summary>Key files that were parsed at loading, by path.</summary>
    public required IReadOnlyDictionary<string, (FileStamp Stamp, SigningKey Key)> Files { get; init; }

    /// <summary>Where <see cref="DomainKeys.Files"/> stand.</summary>
    public required string Directory { get; init; }

    public required DkimOptions Options { get; init; }

    /// <summary>How keys found by convention sign.</summary>
    public required SignatureTerms Terms { get; init; }

    public required KeyCache Cache { get; init; }

    public string PathOf(KeyFile file) => Path.Join(Directory, file.Name);

    /// <summary>Reads and checks a key found by convention.</summary>
    public bool TryRead(DomainName domain, KeyFile file, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? fault)
    {
        var isRead = PrivateKeyFile.TryRead(PathOf(file), domain, file.Selector, Options.MinimumBits, out key, out fault);
        key = key?.Under(domain, file.Selector, Terms);
        return isRead;
    }
}
