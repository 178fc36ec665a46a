namespace Engine.Tests.Failures.Crash;

/// <summary>The files of a shard as somebody finds them. Octets are replaced and never changed in place, so a fork costs little.</summary>
internal sealed class DiskImage
{
    private readonly Dictionary<LabFile, byte[]> _files;

    public DiskImage() => _files = [];

    private DiskImage(DiskImage other) => _files = new Dictionary<LabFile, byte[]>(other._files);

    public IReadOnlyDictionary<LabFile, byte[]> Files => _files;

    public DiskImage Fork() => new(this);

    public byte[]? Find(LabFile file) => _files.GetValueOrDefault(file);

    public void Put(LabFile file, byte[] octets) => _files[file] = octets;

    public void Remove(LabFile file) => _files.Remove(file);

    /// <summary>Makes the file when it is absent; what lies between its end and the offset becomes zeros.</summary>
    public void Write(LabFile file, long offset, ReadOnlySpan<byte> octets)
    {
        var old = Find(file) ?? [];
        var changed = new byte[Math.Max(old.Length, offset + octets.Length)];
        old.CopyTo(changed, 0);
        octets.CopyTo(changed.AsSpan((int)offset));
        _files[file] = changed;
    }

    public void Cut(LabFile file, long length)
    {
        var changed = Find(file) ?? throw new FileNotFoundException($"{file} is missing");
        Array.Resize(ref changed, (int)length);
        _files[file] = changed;
    }

    /// <summary>Whether a message names one of its files.</summary>
    public bool IsNamedIn(string message) => _files.Keys.Any(file => message.Contains(file.Path, StringComparison.Ordinal));
}
