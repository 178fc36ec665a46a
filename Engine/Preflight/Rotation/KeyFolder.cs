using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>The key files of <c>dkim.directory</c>, as rotation sees and changes them. Thread-safe where different keys are concerned.</summary>
/// <param name="snapshot">Where it lies, and which keys would be loaded.</param>
internal sealed class KeyFolder(Snapshot snapshot)
{
    private const string Wish = "The engine needs dkim.directory to be its own and writable (in a systemd unit ReadWritePaths=, or a directory below the state)";
    private const string Retired = "retired";
    private const string Revoked = "revoked";

    /// <summary>Full path.</summary>
    public string Path { get; } = snapshot.PathTo(snapshot.Options.Dkim.Directory);

    public string PathTo(DomainName domain, string selector) => System.IO.Path.Join(Path, $"{domain.Name}.{selector}.pem");

    public bool Has(DomainName domain, string selector) => File.Exists(PathTo(domain, selector));

    /// <summary>Every domain that has keys here by their name, with the oldest date of its files. A folder that cannot be read is empty: the key ring tells of it.</summary>
    public IReadOnlyDictionary<DomainName, DateTimeOffset> Domains()
    {
        var domains = new Dictionary<DomainName, DateTimeOffset>();
        foreach (var (domain, _, file) in Files("*.pem"))
        {
            var written = WrittenAt(file);
            domains[domain] = domains.TryGetValue(domain, out var oldest) && oldest < written ? oldest : written;
        }

        return domains;
    }

    /// <summary>The keys of one domain that load.</summary>
    public IReadOnlyList<FoundKey> Find(DomainName domain)
    {
        var found = new List<FoundKey>();
        foreach (var (_, selector, file) in Files($"{domain.Name}.*.pem").Where(file => file.Domain == domain))
        {
            if (RecordOf(file, domain, selector, out _) is { } record)
            {
                found.Add(new FoundKey(selector, record.KeyType, WrittenAt(file)));
            }
        }

        return found;
    }

    /// <summary>The record that belongs to a key file; null when it does not load.</summary>
    public DkimRecord? RecordOf(DomainName domain, string selector, out string? fault) => RecordOf(PathTo(domain, selector), domain, selector, out fault);

    /// <summary>Writes a new key, mode 0600. One that is there already stays: it was written before a crash.</summary>
    /// <exception cref="IOException">It cannot be written; says why, and what to do.</exception>
    public void Make(DomainName domain, string selector, KeyKind kind)
    {
        var path = PathTo(domain, selector);
        if (File.Exists(path))
        {
            return;
        }

        var temporary = path + ".new";
        try
        {
            Directory.CreateDirectory(Path);
            File.Delete(temporary);
            KeyGenerator.Write(temporary, kind);
            File.Move(temporary, path);
            DurableFile.SyncDirectory(Path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be written: {fault.Message}. {Wish}", fault);
        }
    }

    /// <summary>Why no key can be made here, and what to do; null when one can. Makes nothing.</summary>
    public string? WriteFault() => FolderAccess.FaultOf(Path) is { } fault ? $"{fault}, so no key can be made in {Path}. {Wish}" : null;

    /// <summary>Moves a key that signs no more out of the way, never over another file. False when that is not possible; it signs nothing all the same.</summary>
    public bool TryMoveAway(DomainName domain, string selector, KeyStanding standing)
    {
        var path = PathTo(domain, selector);
        if (!File.Exists(path))
        {
            return true;
        }

        try
        {
            var target = Directory.CreateDirectory(System.IO.Path.Join(Path, standing is KeyStanding.Revoked ? Revoked : Retired)).FullName;
            File.Move(path, System.IO.Path.Join(target, System.IO.Path.GetFileName(path)), overwrite: false);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // As KeyRingReader reads names: the last label before .pem is the selector.
    private IEnumerable<(DomainName Domain, string Selector, string File)> Files(string pattern)
    {
        string[] files;
        try
        {
            files = Directory.Exists(Path) ? Directory.GetFiles(Path, pattern) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(file);
            var dot = name.LastIndexOf('.');
            if (dot > 0 && DomainName.TryParse(name[..dot], out var domain))
            {
                yield return (domain, name[(dot + 1)..], file);
            }
        }
    }

    private static DateTimeOffset WrittenAt(string file) => new(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Disposed of where the kind of key can be.")]
    private DkimRecord? RecordOf(string file, DomainName domain, string selector, out string? fault)
    {
        if (!PrivateKeyFile.TryRead(file, domain, selector, snapshot.Options.Dkim.MinimumBits, out var key, out fault))
        {
            return null;
        }

        using (key as IDisposable)
        {
            return DkimRecord.For(key);
        }
    }
}
