using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>What one reading of configuration and key directory found. Immutable but for the keys that are parsed as they are needed; shared by the rings made from it.</summary>
internal sealed record KeyTable
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

    /// <summary>The table with the files that rotation has written since, and without those that ended; this one when there are none.</summary>
    /// <param name="rotations">The domains in question. Those with explicit keys, or with a fault that only a reading ends, stay as they are.</param>
    public KeyTable Relist(IEnumerable<DomainRotation> rotations)
    {
        Dictionary<string, DomainKeys>? domains = null;
        foreach (var rotation in rotations)
        {
            var old = Domains.GetValueOrDefault(rotation.Domain.Name);
            var listed = old?.Files ?? [];
            if (old is { IsExplicit: true } or { Fault: not null } || FilesOf(rotation, listed) is var files && files.AsSpan().SequenceEqual(listed))
            {
                continue;
            }

            domains ??= new Dictionary<string, DomainKeys>(Domains, StringComparer.Ordinal);
            if (files.Length > 0 || rotation.IsWithheld)
            {
                domains[rotation.Domain.Name] = new DomainKeys(rotation.Domain, files);
            }
            else
            {
                domains.Remove(rotation.Domain.Name);
            }
        }

        return domains is null ? this : this with { Domains = domains };
    }

    /// <summary>Reads and checks a key found by convention.</summary>
    public bool TryRead(DomainName domain, KeyFile file, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? fault)
    {
        var isRead = PrivateKeyFile.TryRead(PathOf(file), domain, file.Selector, Options.MinimumBits, out key, out fault);
        key = key?.Under(domain, file.Selector, Terms);
        return isRead;
    }

    private KeyFile[] FilesOf(DomainRotation rotation, KeyFile[] listed)
    {
        var files = listed.Where(file => rotation.Find(file.Selector) is not { HasEnded: true } && File.Exists(PathOf(file))).ToList();
        foreach (var key in rotation.Keys.Where(key => key is { Kind: not null, IsMade: true, HasEnded: false } && !files.Exists(file => string.Equals(file.Selector, key.Selector, StringComparison.OrdinalIgnoreCase))))
        {
            var name = $"{rotation.Domain.Name}.{key.Selector}.pem";
            var path = Path.Join(Directory, name);
            if (!Files.ContainsKey(path) && FileStamp.TryRead(path, out var stamp, out _))
            {
                files.Add(new KeyFile(name, key.Selector, stamp));
            }
        }

        files.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return [.. files];
    }
}
