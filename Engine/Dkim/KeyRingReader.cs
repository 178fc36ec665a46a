using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Reads explicit keys of one snapshot, each file once, and lists the files found by convention without opening them.</summary>
/// <remarks>
/// Convention: <c>DOMAIN.SELECTOR.pem</c>. The last label before <c>.pem</c> is the selector and the rest is the domain; a selector with
/// dots (RFC 6376 §3.1) needs an explicit entry, and a file that an explicit entry names is not looked at by convention. A domain with
/// explicit keys has only those.
/// </remarks>
/// <param name="snapshot">The configuration.</param>
/// <param name="findings">Takes the faults.</param>
/// <param name="before">The last reading, for keys whose files have not changed; null for none.</param>
internal sealed class KeyRingReader(Snapshot snapshot, Findings findings, KeyTable? before)
{
    private const string Any = "*";

    private readonly DkimOptions _options = snapshot.Options.Dkim;
    private readonly Dictionary<string, (FileStamp Stamp, SigningKey? Key, string? Fault)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DomainKeys> _domains = new(StringComparer.Ordinal);
    private readonly HashSet<DomainName> _faulty = [];
    private readonly KeyCache _cache = new(snapshot.Options.Dkim.Cache);

    /// <summary>What can be said of a key file without opening it; null when nothing is wrong.</summary>
    public static string? FaultOf(string path) =>
        FileStamp.TryRead(path, out var stamp, out var mode) ? PrivateKeyFile.FaultOf(path, mode, stamp.Length) : $"{path} is not there or cannot be looked at";

    public KeyTable Read()
    {
        var any = new DomainKeys(default, [], null);
        foreach (var (name, options) in snapshot.Options.Domains.Where(static entry => entry.Value.Dkim.Count > 0))
        {
            var path = $"$.domains.{name}.dkim";
            if (name == Any)
            {
                any = ReadExplicit(path, default, options.Dkim);
            }
            else if (DomainName.TryParse(name, out var domain))
            {
                _domains[domain.Name] = ReadExplicit(path, domain, options.Dkim);
            }
            else
            {
                Report(snapshot.Directory, path, $"'{name}' is not a domain name", FindingScope.Domain);
            }
        }

        var also = ReadAlso();
        var directory = snapshot.PathTo(_options.Directory);
        ReadDirectory(directory);
        return new KeyTable
        {
            Domains = _domains,
            Any = any,
            Also = also,
            Files = _files.Where(static file => file.Value.Key is not null).ToDictionary(static file => file.Key, static file => (file.Value.Stamp, file.Value.Key!), StringComparer.Ordinal),
            Directory = directory,
            Options = _options,
            Terms = Terms(null, null),
            Cache = _cache,
        };
    }

    private SignatureTerms Terms(string? identity, TimeSpan? expires) => new()
    {
        Head = _options.Canonicalization is SignatureForm.SimpleRelaxed or SignatureForm.SimpleSimple ? Canonicalization.Simple : Canonicalization.Relaxed,
        Body = _options.Canonicalization is SignatureForm.RelaxedSimple or SignatureForm.SimpleSimple ? Canonicalization.Simple : Canonicalization.Relaxed,
        Expires = expires ?? _options.Expires,
        Identity = identity,
    };

    private DomainKeys ReadExplicit(string path, DomainName domain, IReadOnlyList<DkimKeyOptions> entries)
    {
        var keys = new List<SigningKey>();
        string? fault = null;
        for (var at = 0; at < entries.Count; at++)
        {
            var terms = Terms(entries[at].Identity, entries[at].Expires);
            fault ??= ReadKey($"{path}[{at}]", snapshot.PathTo(entries[at].KeyFile), (domain, entries[at].Selector, terms), FindingScope.Domain, keys);
        }

        return new DomainKeys(domain, [.. keys], fault);
    }

    // Every message gets these, so a fault in them is the whole configuration's: on reload the old one stays in force.
    private DomainKeys ReadAlso()
    {
        var keys = new List<SigningKey>();
        string? fault = null;
        for (var at = 0; at < _options.Also.Count; at++)
        {
            var (entry, path) = (_options.Also[at], $"$.dkim.also[{at}]");
            var file = snapshot.PathTo(entry.KeyFile);
            fault ??= DomainName.TryParse(entry.Domain, out var domain)
                ? ReadKey(path, file, (domain, entry.Selector, Terms(entry.Identity, entry.Expires)), FindingScope.Core, keys)
                : Report(file, $"{path}.domain", $"'{entry.Domain}' is not a domain name", FindingScope.Core);
        }

        return new DomainKeys(default, [.. keys], fault);
    }

    private string? ReadKey(string path, string file, (DomainName Domain, string Selector, SignatureTerms Terms) name, FindingScope scope, List<SigningKey> keys)
    {
        var (domain, selector, terms) = name;
        if (!IsSelector(selector))
        {
            return Report(file, $"{path}.selector", $"'{selector}' is not a selector: letters, digits, hyphens and dots are expected", scope, domain);
        }

        if (keys.Exists(key => string.Equals(key.Selector, selector, StringComparison.OrdinalIgnoreCase) && key.Domain == domain))
        {
            return Report(file, $"{path}.selector", $"selector '{selector}' stands there twice", scope, domain);
        }

        if (!TryMaterial(file, out var key, out var fault))
        {
            return Report(file, $"{path}.keyFile", fault, scope, domain);
        }

        keys.Add(key.Under(domain, selector, terms));
        return null;
    }

    private bool TryMaterial(string file, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? fault)
    {
        if (!_files.TryGetValue(file, out var read))
        {
            // The stamp is taken before the file is read: a change between the two is seen at the next reload.
            var isThere = FileStamp.TryRead(file, out var stamp, out var mode);
            if (isThere && before is not null && before.Files.TryGetValue(file, out var old) && old.Stamp == stamp && IsLong(old.Key) && PrivateKeyFile.FaultOf(file, mode, stamp.Length) is null)
            {
                (key, fault) = (old.Key, null);
            }
            else
            {
                _ = PrivateKeyFile.TryRead(file, default, string.Empty, _options.MinimumBits, out key, out fault);
            }

            _files[file] = read = (stamp, key, fault);
        }

        (key, fault) = (read.Key, read.Fault!);
        return key is not null;
    }

    private void ReadDirectory(string directory)
    {
        var found = new Dictionary<DomainName, List<KeyFile>>();
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names(directory))
        {
            var file = Path.Join(directory, name);
            var stem = name.AsSpan(0, name.Length - ".pem".Length);
            var dot = stem.LastIndexOf('.');
            if (_files.ContainsKey(file))
            {
                continue;
            }

            if (dot <= 0 || !DomainName.TryParse(stem[..dot].ToString(), out var domain))
            {
                Report(file, "$.dkim.directory", $"{file} is not named DOMAIN.SELECTOR.pem", FindingScope.Domain);
            }
            else if (!_domains.ContainsKey(domain.Name))
            {
                var selector = stem[(dot + 1)..].ToString();
                selector = words.TryGetValue(selector, out var same) ? same : words[selector] = selector;
                FileStamp.TryRead(file, out var stamp, out var mode);
                Note(found, domain, new KeyFile(name, selector, stamp), file, mode);
            }
        }

        foreach (var (domain, files) in found)
        {
            _domains.TryAdd(domain.Name, ByConvention(domain, files));
        }
    }

    private void Note(Dictionary<DomainName, List<KeyFile>> found, DomainName domain, KeyFile file, string path, UnixFileMode mode)
    {
        if (!found.TryGetValue(domain, out var files))
        {
            found[domain] = files = new List<KeyFile>(1);
        }

        var setting = $"$.domains.{domain.Name}.dkim";
        var isTwice = files.Exists(other => string.Equals(other.Selector, file.Selector, StringComparison.OrdinalIgnoreCase));
        var fault = !IsSelector(file.Selector) ? Report(path, $"{setting}.selector", $"'{file.Selector}' is not a selector: letters, digits, hyphens and dots are expected", FindingScope.Domain, domain)
            : isTwice ? Report(path, $"{setting}.selector", $"selector '{file.Selector}' stands there twice", FindingScope.Domain, domain)
            : PrivateKeyFile.FaultOf(path, mode, file.Stamp.Length) is { } bad ? Report(path, setting, bad, FindingScope.Domain, domain)
            : null;
        files.Add(file);
        if (fault is not null)
        {
            _faulty.Add(domain);
        }

        if (fault is not null && (isTwice || !IsSelector(file.Selector)))
        {
            _domains[domain.Name] = new DomainKeys(domain, []) { Fault = fault };
        }
    }

    private DomainKeys ByConvention(DomainName domain, List<KeyFile> files)
    {
        files.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        var made = new DomainKeys(domain, [.. files]);
        var old = before?.Domains.GetValueOrDefault(domain.Name);
        if (old?.Held is { } held && !_faulty.Contains(domain) && before!.Directory == snapshot.PathTo(_options.Directory) && old.Files.AsSpan().SequenceEqual(made.Files) && held.All.All(IsLong))
        {
            var terms = Terms(null, null);
            _cache.Add(made, new HeldKeys([.. held.All.Select(key => key.Terms == terms ? key : key.Under(key.Domain, key.Selector, terms))]));
        }

        return made;
    }

    private IEnumerable<string> Names(string directory)
    {
        try
        {
            if (!Directory.Exists(directory))
            {
                return before?.Domains.Values.Any(static domain => domain.Files.Length > 0) is true ? throw new IOException("it held keys, and is not there any more") : [];
            }

            return [.. new FileSystemEnumerable<string>(directory, static (ref entry) => entry.FileName.ToString())
            {
                ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory && entry.FileName.EndsWith(".pem", StringComparison.Ordinal),
            }];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Report(directory, "$.dkim.directory", $"{directory} cannot be read: {exception.Message}", FindingScope.Core);
            return [];
        }
    }

    private static bool IsSelector(string selector) => DomainName.TryParse(selector, out _) && System.Text.Ascii.IsValid(selector);

    private bool IsLong(SigningKey key) => key is not RsaSigningKey rsa || rsa.Bits >= _options.MinimumBits;

    private string Report(string file, string path, string message, FindingScope scope, DomainName subject = default)
    {
        findings.Add(new Finding(file, 0, path, message, scope) { Subject = scope is FindingScope.Domain && !subject.IsEmpty ? subject.Name : null });
        return message;
    }
}
