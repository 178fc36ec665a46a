using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Reads the key files of one snapshot, each once.</summary>
/// <remarks>
/// Convention: <c>DOMAIN.SELECTOR.pem</c>. The last label before <c>.pem</c> is the selector and the rest is the domain; a selector with
/// dots (RFC 6376 §3.1) needs an explicit entry, and a file that an explicit entry names is not looked at by convention. A domain with
/// explicit keys has only those.
/// </remarks>
internal sealed class KeyRingReader(Snapshot snapshot, IKeyStandings standings, Findings findings)
{
    private const string Any = "*";

    private readonly Dictionary<string, (SigningKey? Key, string? Fault)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<DomainName, DomainKeys> _domains = [];

    public KeyRing Read()
    {
        var any = new DomainKeys([], false);
        foreach (var (name, options) in snapshot.Options.Domains.Where(static entry => entry.Value.Dkim.Count > 0))
        {
            var path = $"$.domains.{name}.dkim";
            if (name == Any)
            {
                any = ReadExplicit(path, default, options.Dkim);
            }
            else if (DomainName.TryParse(name, out var domain))
            {
                _domains[domain] = ReadExplicit(path, domain, options.Dkim);
            }
            else
            {
                Report(snapshot.Directory, path, $"'{name}' is not a domain name", FindingScope.Domain);
            }
        }

        var also = ReadAlso();
        ReadDirectory();
        return new KeyRing(_domains, any, also);
    }

    private DomainKeys ReadExplicit(string path, DomainName domain, IReadOnlyList<DkimKeyOptions> entries)
    {
        var keys = new List<SigningKey>();
        var left = 0;
        for (var at = 0; at < entries.Count; at++)
        {
            if (standings.MaySign(domain, entries[at].Selector))
            {
                ReadKey($"{path}[{at}]", snapshot.PathTo(entries[at].KeyFile), domain, entries[at].Selector, FindingScope.Domain, keys);
            }
            else
            {
                left++;
                _files[snapshot.PathTo(entries[at].KeyFile)] = default;
            }
        }

        return new DomainKeys(keys, keys.Count + left < entries.Count);
    }

    // Every message gets these, so a fault in them is the whole configuration's: on reload the old one stays in force.
    private DomainKeys ReadAlso()
    {
        var entries = snapshot.Options.Dkim.Also.Where(entry => !DomainName.TryParse(entry.Domain, out var domain) || standings.MaySign(domain, entry.Selector)).ToList();
        var keys = new List<SigningKey>();
        for (var at = 0; at < entries.Count; at++)
        {
            var path = $"$.dkim.also[{at}]";
            var file = snapshot.PathTo(entries[at].KeyFile);
            if (DomainName.TryParse(entries[at].Domain, out var domain))
            {
                ReadKey(path, file, domain, entries[at].Selector, FindingScope.Core, keys);
            }
            else
            {
                Report(file, $"{path}.domain", $"'{entries[at].Domain}' is not a domain name", FindingScope.Core);
            }
        }

        return new DomainKeys(keys, keys.Count < entries.Count);
    }

    private void ReadDirectory()
    {
        var directory = snapshot.PathTo(snapshot.Options.Dkim.Directory);
        var taken = _domains.Keys.ToHashSet();
        foreach (var file in Files(directory).Where(file => !_files.ContainsKey(file)).Order(StringComparer.Ordinal).ToList())
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dot = name.LastIndexOf('.');
            if (dot <= 0 || !DomainName.TryParse(name[..dot], out var domain))
            {
                Report(file, "$.dkim.directory", $"{file} is not named DOMAIN.SELECTOR.pem", FindingScope.Domain);
            }
            else if (!taken.Contains(domain) && standings.MaySign(domain, name[(dot + 1)..]))
            {
                AddByConvention(domain, name[(dot + 1)..], file);
            }
        }
    }

    private void AddByConvention(DomainName domain, string selector, string file)
    {
        var before = _domains.GetValueOrDefault(domain, new DomainKeys([], false));
        var keys = before.Keys.ToList();
        ReadKey($"$.domains.{domain.Name}.dkim", file, domain, selector, FindingScope.Domain, keys);
        _domains[domain] = new DomainKeys(keys, before.IsBroken || keys.Count == before.Keys.Count);
    }

    private string[] Files(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? Directory.GetFiles(directory, "*.pem") : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(directory, "$.dkim.directory", $"{directory} cannot be read: {exception.Message}", FindingScope.Core);
            return [];
        }
    }

    private void ReadKey(string path, string file, DomainName domain, string selector, FindingScope scope, List<SigningKey> keys)
    {
        if (!DomainName.TryParse(selector, out _) || !System.Text.Ascii.IsValid(selector))
        {
            Report(file, $"{path}.selector", $"'{selector}' is not a selector: letters, digits, hyphens and dots are expected", scope);
        }
        else if (keys.Exists(key => string.Equals(key.Selector, selector, StringComparison.OrdinalIgnoreCase) && key.Domain == domain))
        {
            Report(file, $"{path}.selector", $"selector '{selector}' stands there twice", scope);
        }
        else if (Material(file) is { Key: { } key })
        {
            keys.Add(key.Under(domain, selector));
        }
        else
        {
            Report(file, path.EndsWith(']') ? $"{path}.keyFile" : path, Material(file).Fault!, scope);
        }
    }

    private (SigningKey? Key, string? Fault) Material(string file)
    {
        if (!_files.TryGetValue(file, out var read))
        {
            _ = PrivateKeyFile.TryRead(file, default, string.Empty, snapshot.Options.Dkim.MinimumBits, out var key, out var fault);
            _files[file] = read = (key, fault);
        }

        return read;
    }

    private void Report(string file, string path, string message, FindingScope scope) =>
        findings.Add(new Finding(file, 0, path, message, scope));
}
