using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>Digests whose addresses are to go from the disk. A file holds them until every file that may have the address was written anew, so that a crash forgets nothing that was to be forgotten.</summary>
internal sealed class Forgotten
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private ImmutableHashSet<AddressDigest> _digests;
    private ImmutableHashSet<AddressDigest> _ripe = [];

    public Forgotten(string directory)
    {
        _path = Path.Join(directory, "forgotten");
        _digests = File.Exists(_path) ? [.. MemoryMarshal.Cast<byte, Digest>(File.ReadAllBytes(_path)).ToArray().Select(digest => digest.Value)] : [];
    }

    public ImmutableHashSet<AddressDigest> Digests => Volatile.Read(ref _digests);

    /// <summary>Those whose addresses can stand in runs only: what was in memory and journals when they were added has been written since, without them.</summary>
    public ImmutableHashSet<AddressDigest> Ripe => Volatile.Read(ref _ripe);

    /// <summary>After a flush that began when these were known.</summary>
    public void Ripen(IEnumerable<AddressDigest> digests)
    {
        lock (_gate)
        {
            Volatile.Write(ref _ripe, _ripe.Union(digests).Intersect(_digests));
        }
    }

    /// <summary>Stable when this returns.</summary>
    public void Add(AddressDigest digest)
    {
        lock (_gate)
        {
            Save(_digests.Add(digest));
        }
    }

    /// <summary>These are gone from every file.</summary>
    public void Done(ImmutableHashSet<AddressDigest> digests)
    {
        lock (_gate)
        {
            Save(_digests.Except(digests));
            Volatile.Write(ref _ripe, _ripe.Except(digests));
        }
    }

    private void Save(ImmutableHashSet<AddressDigest> digests)
    {
        DurableFile.Replace(_path, MemoryMarshal.AsBytes(digests.Select(digest => new Digest(digest)).ToArray().AsSpan()));
        Volatile.Write(ref _digests, digests);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Digest(ulong High, uint Low)
    {
        public Digest(AddressDigest digest)
            : this(digest.High, digest.Low)
        {
        }

        public AddressDigest Value => new(High, Low);
    }
}
