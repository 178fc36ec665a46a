using System.Security.Cryptography;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Preflight.Rotation;
using Engine.Reputation.Blocklists;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>Reads a configuration whole: what start and reload see is the same. <c>config check</c> also parses every signing key, which they leave to first use.</summary>
internal static class ConfigurationCheck
{
    /// <summary>The snapshot is null with core findings; otherwise what the other findings spoil is isolated in it.</summary>
    /// <param name="file">engine.json.</param>
    /// <param name="inForce">The keys in force: those whose files have not changed are not parsed again.</param>
    public static CheckedConfiguration Load(string file, KeyRing? inForce = null) => Complete(ConfigurationLoader.Load(file), inForce);

    /// <summary>For <c>config check</c>: all findings, those of keys that nobody has used among them.</summary>
    public static Findings FindAll(string file)
    {
        var (snapshot, keys, findings) = Load(file);
        keys?.CheckFiles(findings);
        if (snapshot is not null && RotationFault(snapshot) is { } fault)
        {
            findings.Add(new Finding(file, 0, "$.dkim.directory", fault, FindingScope.Domain));
        }

        return findings;
    }

    public static CheckedConfiguration Complete(LoadResult loaded, KeyRing? inForce = null)
    {
        if (loaded.Snapshot is not { } snapshot)
        {
            return new CheckedConfiguration(null, null, loaded.Findings);
        }

        var before = loaded.Findings.All.Count;
        var book = BookOf(snapshot, loaded.Findings);
        var roots = RootsOf(snapshot, loaded.Findings);
        var keys = KeyRing.Load(snapshot, loaded.Findings, book, inForce);
        BlocklistLoader.Load(snapshot, out var faults);
        foreach (var fault in faults)
        {
            loaded.Findings.Add(fault);
        }

        return loaded.Findings.HasCore
            ? new CheckedConfiguration(null, null, loaded.Findings)
            : new CheckedConfiguration(snapshot.Isolating(loaded.Findings.All.Skip(before)), keys, loaded.Findings) { Book = book, Roots = roots };
    }

    private static TrustedRoots RootsOf(Snapshot snapshot, Findings findings)
    {
        if (snapshot.Options.Delivery.Tls.Roots is not { } file)
        {
            return TrustedRoots.OfSystem();
        }

        try
        {
            return TrustedRoots.With(snapshot.PathTo(file));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new Finding(snapshot.PathTo(file), 0, "$.delivery.tls.roots", $"no certificate in PEM can be read: {fault.Message}"));
            return TrustedRoots.OfSystem();
        }
    }

    // Only who may write the state can tell: the engine's user, or root. For others the folder is closed as it should be.
    private static string? RotationFault(Snapshot snapshot)
    {
        var rotation = snapshot.Options.Dkim.Rotation;
        var isWanted = rotation.Every is not null || rotation.Spare || snapshot.Options.Domains.Values.Any(static domain => domain.Rotation?.Every is not null);
        return isWanted && FolderAccess.FaultOf(snapshot.PathTo(snapshot.Options.State)) is null ? new KeyFolder(snapshot).WriteFault() : null;
    }

    // Without it a revoked key would sign again: better no start.
    private static RotationBook BookOf(Snapshot snapshot, Findings findings)
    {
        var file = RotationFile.Of(snapshot);
        try
        {
            return file.Load();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new Finding(file.Path, 0, "$.state", $"{fault.Message}: it says which signing keys are revoked; put back a copy, or remove it and take revoked keys out of dkim.directory first"));
            return RotationBook.Blank;
        }
    }
}
